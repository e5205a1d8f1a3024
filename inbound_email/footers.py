"""What servers, companies and virus scanners put under a mail, or above it: nobody wrote it to anybody.

A paragraph is a footer only when it says at least so many of the things that such texts say, and nobody else says
together: a person may write « ce message est confidentiel », but not also that its attachments are for the addressee
only, and to be destroyed by whoever got it by mistake.
"""

import re
from collections.abc import Sequence

from inbound_email.lines import Line, Mark

# What disclaimers say. Each line is one thing, in several languages.
_DISCLAIMER = tuple(
    re.compile(words)
    for words in (
        r"confiden[ct]i|vertraulich|riservat|vertrouwelijk|poufn|fortrolig|luottamuksel|конфиденц|bizalmas|gizli|sekretess|privileg|privilégi|secret professionnel",
        r"pi[èe]ces? jointes?|attachment|attached|anh[äa]ng|anlage|allegat|adjunt|anexo|bijlage|załącznik|přílo|vedhæft|vedlegg|bilag|liitte|вложен|fichiers? joints?|documents? joints?|annexe",
        r"destinataire|addressee|intended recipient|recipient|adressat|empfänger|destinatari|geadresseerde|ontvanger|adresat|příjemc|modtager|mottaker|mottagare|vastaanottaj|адресат|получател|individual or entity|usage exclusif|intention exclusive|à l'attention exclusive|solely for",
        r"par erreur|in error|by mistake|mistaken|irrtümlich|versehentlich|fehler|por error|por engano|por erro|per errore|abusivement|per vergissing|foutief|omyłkow|pomyłk|omylem|ved en fejl|ved en feil|av misstag|по ошибке|tévedés|sans y être destiné|not the (?:intended|named)|n'êtes pas le destinataire|nicht der richtige",
        r"d[ée]tru|supprim|effac|delete|destroy|löschen|vernicht|elimin|borrar|cancell|distrugg|apagar|destru|verwijder|usun|smaz|slet|radera|удалит|permanently",
        r"avert|inform|prévenir|notify|advise|contact the sender|benachrichtig|informier|notifi|avis[ae]|verwittig|op de hoogte|powiadom|сообщит|retourner à l'expéditeur|notifier|signaler à l'émetteur|aviser",
        r"interdit|prohibit|strictly|forbidden|unauthori[sz]ed|nicht gestattet|untersagt|unbefugt|prohibid|proibid|vietat|verboden|zabronion|запрещ|non autoris|sans autorisation|proscrit|ne saurait|décline",
        r"divulg|disclos|copy|copie|distribut|diffus|weitergabe|weiterleitung|reproduc|riproduz|verspreid|rozpowszech|disseminat|dissémin|forward",
        r"(?:liab|responsabilité|haftung|responsabilidad|aansprakelijk|responsable)|altér|falsifi|modifié|virus|intercept|intégrité",
        r"(?:ce|le présent) (?:message|courriel|mail|e-mail|courrier)|this (?:e-?mail|message|communication|transmission)|diese (?:e-?mail|nachricht)|este (?:mensaje|correo|e-?mail|mensagem)|questo messaggio|dit bericht|deze e-mail|ta wiadomość|tato zpráva|денн?ое|настоящее",
    )
)
_ENOUGH = 4
_TITLE = re.compile(
    r"(?:avis de confidentialité|avis relatif à la confidentialité|avis important|mise en garde|avertissement|clause de confidentialité"
    r"|confidentialité|confidentiality notice|confidentiality|disclaimer|legal notice|privacy notice|haftungsausschluss|vertraulichkeitshinweis"
    r"|aviso legal|aviso de confidencialidad|avvertenze|note de confidentialité|notice de confidentialité)[ :.\-*]{0,4}"
)
# « Pensez à l'environnement avant d'imprimer ce message »
_PRINT = re.compile(r"imprim|print|ausdruck|stamp|druck|skriv ut|impres|afdruk|wydruk|tulost|распечат")
_NATURE = re.compile(
    r"environn|planète|planet|nature\b|arbre|forêt|forest|tree|papier|paper|umwelt|ambiente|meio ambiente|medio ambiente|milieu|miljö|miljø|środowisk"
    r"|nécessaire|really need|you need to|écolog|p_?lanète|природ|vert\b|green"
)
_SCANNED = re.compile(
    r"(?:garanti )?sans virus\.?(?: .{0,40})?(?:www\.)?(?:avast|avg|norton|kaspersky|bitdefender|mcafee)?.{0,20}|virus[- ]free\.?.{0,60}"
    r"|virenfrei\.?.{0,60}|libre de virus\.?.{0,60}|sem vírus\.?.{0,60}|senza virus\.?.{0,60}|virusvrij\.?.{0,60}|wolny od wirusów\.?.{0,60}"
    r"|(?:l'absence de virus|cet e-?mail a été vérifié|ce message a été vérifié|ce courrier électronique|ce courriel a été vérifié"
    r"|this e-?mail has been (?:checked|scanned)|this message has been scanned|diese e-?mail wurde (?:auf|von)"
    r"|este correo electrónico ha sido|questa e-?mail è stata|el software de antivirus|deze e-mail is).{0,160}(?:vir|avast|avg|norton|malware|antivir).{0,80}"
)
_LIST = re.compile(
    r"(?:vous recevez ce message,? car vous|vous avez reçu ce message,? car vous|you received this message because you|you are receiving this"
    r"|sie erhalten diese nachricht|has recibido este mensaje porque|pour vous désabonner de ce groupe|to unsubscribe from this (?:group|list)"
    r"|pour se désabonner|to unsubscribe, (?:send|visit)|liste de diffusion .{0,80}@)"
)
_BANNER = re.compile(
    r"(?:\[?(?:caution|warning|external|externe|attention|achtung|vorsicht|extern|atención|attenzione|let op|uwaga|important|avertissement|prudence)\b[\]:!. -]{0,6})"
)
_BANNER_SAYS = re.compile(
    r"external|externe|extérieur|outside (?:of )?(?:the|your|our)|originated|provient|from someone|unknown sender|expéditeur inconnu"
    r"|extern|außerhalb|esterno|externo|do not click|ne cliquez|n'ouvrez|klicken sie|don't often get|habituellement pas|pas souvent"
)
_SELDOM = re.compile(
    r"(?:you don't often get e?-?mail from|vous ne recevez pas souvent de (?:courriers?|courriels?|e-?mails?) de|sie erhalten nicht häufig e-?mails"
    r"|certaines personnes qui ont reçu ce message|some people who received this message|no suele recibir|non si ricevono spesso"
    r"|you don't often receive|u ontvangt niet vaak)"
)
_PICTURE = re.compile(r"\[?<?cid:[^\]>\s]{1,200}[\]>]?")


def mark_footers(lines: Sequence[Line]) -> None:
    """Mark footers and banners among the words."""
    paragraphs = _paragraphs(lines)
    for place, paragraph in enumerate(paragraphs):
        said = " ".join(line.plain for line in paragraph)[:4_000].lower()
        if place < 2 and is_banner(said):
            _mark(paragraph, Mark.BANNER)
        elif place > 0 and is_footer(said):
            _mark(paragraph, Mark.FOOTER)
            _mark_title(paragraphs[place - 1])
        else:
            _mark_ends(paragraph, alone=place == 0)


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.mark is Mark.WORDS and not line.blank:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def is_footer(said: str) -> bool:
    """Whether a paragraph (in small letters) is a disclaimer, a scanner's word, or a mailing list's."""
    if _LIST.match(said) or (_PRINT.search(said) and _NATURE.search(said) and len(said) < 400 and _asks_not_to_print(said)):
        return True
    if _SCANNED.fullmatch(said.strip(" *_-—.")):
        return True
    return len(said) >= 60 and sum(bool(thing.search(said)) for thing in _DISCLAIMER) >= _ENOUGH


_ASKED = re.compile(
    r"(?:avant d'imprimer|before (?:you )?print|n'imprimez|ne l'imprimez|imprimer (?:ce|cet)|bevor sie (?:diese|dieses)|prima di stampare|antes de imprimir"
    r"|think before|pensez à l'env|pensons à|think of the env|consider the env|print this (?:e-?mail|message)|denk aan het milieu|imprimez (?:ce|cet|que))"
)


def _asks_not_to_print(said: str) -> bool:
    return bool(_ASKED.search(said))


def is_banner(said: str) -> bool:
    """Whether a paragraph is what a server puts above mail from outside."""
    if _SELDOM.match(said):
        return True
    return bool(_BANNER.match(said)) and len(_BANNER_SAYS.findall(said)) >= 2 and len(said) < 800


def _mark(paragraph: Sequence[Line], mark: Mark) -> None:
    for line in paragraph:
        line.mark = mark


def _mark_title(paragraph: Sequence[Line]) -> None:
    """« AVIS DE CONFIDENTIALITÉ » on a line of its own above."""
    if paragraph and _TITLE.fullmatch(paragraph[-1].plain.lower().strip("*_ -")):
        paragraph[-1].mark = Mark.FOOTER


def _mark_ends(paragraph: Sequence[Line], *, alone: bool) -> None:
    """Footers that no empty line parts from the words: by lines, from below."""
    for line in reversed(paragraph[1:] if alone else paragraph):
        low = line.plain.lower()
        if not (is_footer(low) or _PICTURE.fullmatch(low)):
            break
        line.mark = Mark.FOOTER
    for line in paragraph:
        if _PICTURE.fullmatch(line.plain.lower()):
            line.mark = Mark.FOOTER

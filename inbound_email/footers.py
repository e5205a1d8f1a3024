"""What servers, companies and virus scanners put under a mail, or above it: nobody wrote it to anybody.

A paragraph is a footer only when it says at least so many of the things that such texts say, and nobody else says
together: a person may write « ce message est confidentiel », but not also that its attachments are for the addressee
only, and to be destroyed by whoever got it by mistake.
"""

import re
from collections.abc import Sequence

from inbound_email.lines import Line, Mark
from inbound_email.phrases import any_of

# What disclaimers say, each thing in several languages.
_PRIVATE = """
    confiden[ct]i | vertraulich | riservat | vertrouwelijk | poufn | fortrolig | luottamuksel | конфиденц | bizalmas
    gizli | sekretess | privileg | privilégi | secret professionnel
"""
_FILES = """
    pi[èe]ces? jointes? | attachment | attached | anh[äa]ng | anlage | allegat | adjunt | anexo | bijlage | załącznik
    přílo | vedhæft | vedlegg | bilag | liitte | вложен | fichiers? joints? | documents? joints? | annexe
"""
_FOR_WHOM = """
    destinataire | addressee | intended recipient | recipient | adressat | empfänger | destinatari | geadresseerde
    ontvanger | adresat | příjemc | modtager | mottaker | mottagare | vastaanottaj | адресат | получател | solely for
    individual or entity | usage exclusif | intention exclusive | à l'attention exclusive
"""
_BY_MISTAKE = """
    par erreur | in error | by mistake | mistaken | irrtümlich | versehentlich | fehler | por error | por engano
    por erro | per errore | per vergissing | foutief | omyłkow | pomyłk | omylem | ved en fejl | ved en feil
    av misstag | по ошибке | tévedés | sans y être destiné | not the (?:intended|named)
    n'êtes pas le destinataire | nicht der richtige
"""
_DESTROY = """
    d[ée]tru | supprim | effac | delete | destroy | löschen | vernicht | elimin | borrar | cancell | distrugg | apagar
    destru | verwijder | usun | smaz | slet | radera | удалит | permanently
"""
_TELL = """
    avert | inform | prévenir | notify | advise | contact the sender | benachrichtig | informier | notifi | avis[ae]
    verwittig | op de hoogte | powiadom | сообщит | retourner à l'expéditeur | signaler à l'émetteur | aviser
"""
_FORBIDDEN = """
    interdit | prohibit | strictly | forbidden | unauthori[sz]ed | nicht gestattet | untersagt | unbefugt | prohibid
    proibid | vietat | verboden | zabronion | запрещ | non autoris | sans autorisation | proscrit
"""
_SPREAD = """
    divulg | disclos | copy | copie | distribut | diffus | weitergabe | weiterleitung | reproduc | riproduz | verspreid
    rozpowszech | disseminat | dissémin | forward
"""
_LIABLE = """
    liab | responsabilité | haftung | responsabilidad | aansprakelijk | ne saurait être tenu | décline toute
    altér | falsifi | modifié | virus | intercept | intégrité
"""
_THIS = """
    (?:ce|le présent) (?:message|courriel|mail|e-mail|courrier) | this (?:e-?mail|message|communication|transmission)
    diese (?:e-?mail|nachricht) | este (?:mensaje|correo|e-?mail|mensagem) | questo messaggio | dit bericht
    deze e-mail | ta wiadomość | tato zpráva | данное | настоящее
"""
_DISCLAIMER = tuple(
    re.compile(any_of(table))
    for table in (_PRIVATE, _FILES, _FOR_WHOM, _BY_MISTAKE, _DESTROY, _TELL, _FORBIDDEN, _SPREAD, _LIABLE, _THIS)
)
_ENOUGH = 4
_TITLE = re.compile(
    any_of(
        """
        avis de confidentialité | avis relatif à la confidentialité | avis important | mise en garde | avertissement
        clause de confidentialité | confidentialité | confidentiality notice | confidentiality | disclaimer
        legal notice | privacy notice | haftungsausschluss | vertraulichkeitshinweis | aviso legal
        aviso de confidencialidad | avvertenze | note de confidentialité | notice de confidentialité
        """
    )
    + r"[ :.\-*]{0,4}"
)
# « Pensez à l'environnement avant d'imprimer ce message »: printing, why not, and that it is asked.
_PRINT = re.compile(
    any_of(
        """
        imprim | print | ausdruck | stamp | druck | skriv ut | impres | afdruk | wydruk | tulost | распечат
        """
    )
)
_NATURE = re.compile(
    any_of(
        r"""
        environn | planète | planet | nature\b | arbre | forêt | forest | tree | papier | paper | umwelt | ambiente
        milieu | miljö | miljø | środowisk | nécessaire | really need | you need to | écolog | природ | vert\b | green
        """
    )
)
_ASKED = re.compile(
    any_of(
        """
        avant d'imprimer | before (?:you )?print | n'imprim(?:ez|er|ons) | ne l'imprim(?:ez|er) | ne pas imprimer
        pensons à | save paper | éco-?geste
        bevor sie (?:diese|dieses) | prima di stampare | antes de imprimir | think before | pensez à l'env
        think of the env | consider the env | don't print this | not print this | only print | denk aan het milieu
        imprimez (?:ce|cet|que) .{0,40}(?:si|que)
        """
    )
)
_SCANNED = re.compile(
    r"(?:garanti )?(?:sans virus|virus[- ]free|virenfrei|libre de virus|sem vírus|senza virus|virusvrij|bez wirusów)"
    r"\.?.{0,20}(?:(?:https?://|www\.|avast|avg|norton|bitdefender).{0,200})?"
)
_SCANNER = re.compile(
    any_of(
        """
        l'absence de virus | cet e-?mail a été vérifié | ce message a été vérifié | ce courrier électronique
        ce courriel a été vérifié | this e-?mail has been (?:checked|scanned) | this message has been scanned
        diese e-?mail wurde (?:auf|von) | este correo electrónico ha sido | questa e-?mail è stata
        el software de antivirus | deze e-mail is
        """
    )
    + r".{0,160}(?:vir|avast|avg|norton|malware|antivir).{0,80}"
)
_LIST = re.compile(
    any_of(
        """
        vous recevez ce message,? car vous | vous avez reçu ce message,? car vous | vous recevez cet e-?mail car
        you received this message because you | you are receiving this | sie erhalten diese nachricht
        has recibido este mensaje porque | pour vous désabonner de ce groupe
        to unsubscribe from this (?:group|list) | pour se désabonner | to unsubscribe, (?:send|visit)
        """
    )
)
# Mailman and Sympa: a rule, and the list's name right under it.
_LIST_RULE = re.compile(
    r"(?:_{20,}|-{20,}) [^_]{0,80}(?:mailing list|liste de diffusion|discussion list|-list\b|@lists?\.)"
)
_BANNER = re.compile(
    r"\[?(?:caution|warning|external|externe|attention|achtung|vorsicht|extern|atención|attenzione|let op|uwaga"
    r"|important|avertissement|prudence|méfiance|message externe|courriel externe)\b"
)
_BANNER_SAYS = re.compile(
    any_of(
        """
        external | externe | extérieur | outside (?:of )?(?:the|your|our) | originated | provient | from someone
        unknown sender | expéditeur inconnu | extern | außerhalb | esterno | externo | do not click | ne cliquez
        n'ouvrez | klicken sie
        """
    )
)
# Exchange's word above the mail of whom one seldom writes with.
_SELDOM = re.compile(
    any_of(
        """
        you don't often get e?-?mail from | vous ne recevez pas souvent d
        sie erhalten nicht (?:häufig|oft) e-?mails | certaines personnes qui ont reçu ce message
        some people who received this message | no suele recibir | non si ricevono spesso | you don't often receive
        u ontvangt niet vaak
        """
    )
)
_RULE = re.compile(r"_{20,}|-{20,}")
_PICTURE = re.compile(r"\[?<?cid:[^\]>\s]{1,200}[\]>]?")
_AT_END = 40  # paragraphs, where footers stand
_LOOKED_AT = 4_000  # letters of a paragraph


def mark_footers(lines: Sequence[Line]) -> None:
    """Mark footers and banners among the words."""
    paragraphs = _paragraphs(lines)
    for place, paragraph in enumerate(paragraphs):
        if 2 <= place < len(paragraphs) - _AT_END:
            continue
        said = _said(paragraph)
        if _LIST_RULE.search(said) and place:
            _mark_list(paragraph)
        elif place < 2 and len(paragraphs) > 1 and is_banner(said):
            _mark(paragraph, Mark.BANNER)
        elif place > 0 and is_footer(said):
            _mark(paragraph, Mark.FOOTER)
            _mark_title(paragraphs[place - 1])
        else:
            _mark_end(paragraph, begins=place == 0)


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.mark is Mark.WORDS and not line.blank:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _said(paragraph: Sequence[Line]) -> str:
    said, length = [], 0
    for line in paragraph:
        said.append(line.plain)
        length += len(line.plain)
        if length > _LOOKED_AT:
            break
    return " ".join(said)[:_LOOKED_AT].lower()


def is_footer(said: str) -> bool:
    """Whether a paragraph (in small letters) is a disclaimer, a scanner's word, or a mailing list's."""
    bare = said.strip(" *_-—.")
    if _LIST.match(bare) or _SCANNED.fullmatch(bare) or _SCANNER.fullmatch(bare):
        return True
    if len(said) < 400 and _PRINT.search(said) and _NATURE.search(said) and _ASKED.search(said):
        return True
    return len(said) >= 60 and sum(bool(thing.search(said)) for thing in _DISCLAIMER) >= _ENOUGH


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


def _mark_list(paragraph: Sequence[Line]) -> None:
    """From the rule on."""
    rule = next(place for place, line in enumerate(paragraph) if _RULE.match(line.plain))
    _mark(paragraph[rule:], Mark.FOOTER)


def _mark_end(paragraph: Sequence[Line], *, begins: bool) -> None:
    """Footers that no empty line parts from the words: from below, one line or all that follow it together."""
    own = len(paragraph)
    for place in range(len(paragraph) - 1, max(len(paragraph) - 12, 0 if begins else -1), -1):
        if is_footer(_said(paragraph[place:own])):
            own = place
    _mark(paragraph[own:], Mark.FOOTER)
    if own < len(paragraph):
        _mark_title(paragraph[:own])
    for line in paragraph:
        if _PICTURE.fullmatch(line.plain.lower()):
            line.mark = Mark.FOOTER

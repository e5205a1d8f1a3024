"""What servers, companies and virus scanners put under a mail, or above it: nobody wrote it to anybody.

A paragraph is a footer only when it says at least so many of the things that such texts say, and nobody else says
together: a person may write « ce message est confidentiel », but not also that its attachments are for the addressee
only, and to be destroyed by whoever got it by mistake. Who complains of such a mistake says « je », or asks; a notice
does neither.
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
    (?:cet?|le présent) (?:message|courriel|mail|e-?mail|courrier|envoi) | le contenu de | the information contained
    this (?:e-?mail|message|communication|transmission|document|correspondence)
    diese (?:e-?mail|nachricht) | este (?:mensaje|correo|e-?mail|mensagem) | questo messaggio | dit bericht
    deze e-mail | ta wiadomość | tato zpráva | данное | настоящее
"""
_DISCLAIMER = tuple(
    re.compile(any_of(table))
    for table in (_PRIVATE, _FILES, _FOR_WHOM, _BY_MISTAKE, _DESTROY, _TELL, _FORBIDDEN, _SPREAD, _LIABLE, _THIS)
)
_SAYS_THIS = _DISCLAIMER[-1]
_ENOUGH, _ENOUGH_ALONE = 4, 6  # things, with and without naming this very mail
_SOMEBODY_SPEAKS = re.compile(
    r"\?|(?<![\w'(])(?:j'|m'(?:a|as|ont|avez)\b|i(?![.)])\b|i'm\b|i've\b"
    r"|(?:je|moi|mon|ma|mes|my|ich|mein\w{0,2}|mir|yo|mis?|io|mio|mia|eu|meu|minha|ik|mijn)\b)"
)
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
# « Pensez à l'environnement avant d'imprimer ce message »: printing it and nothing else, why not, and that it is asked.
_PRINT = re.compile(
    r"(?:imprim(?:er|ez|ons)|print(?:ing)?(?: out)?|stampar[ei]|imprim[ai]r|afdrukt|printen)"
    r"(?= ?(?:[.,;:!)»\"]|\Z|c(?:e|et|ette)\b|le présent|qu(?:e|')|si\b|seulement|uniquement|inutilement|nécessaire"
    r"|this|that|it\b|e-?mail|only|if\b|unless|quest[ao]|este|esta|dit\b|deze|mail))"
    r"|(?:diese|dieser|deze|denne|det här|tej|tego|это) .{0,30}"
    r"(?:aus(?:zu)?druck|druck|afdruk|skriv|print|wydruk|распечат)|tulost"
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
        vous (?:recevez|avez reçu) (?:ce message|cet e-?mail|ce courriel),? car vous êtes (?:abonné|inscrit|membre)
        you received this message because you | you are receiving this (?:e-?mail|message) because you
        sie erhalten diese nachricht,? weil sie | has recibido este mensaje porque | pour vous désabonner de ce groupe
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
        u ontvangt niet vaak | vous n'obtenez pas souvent d
        """
    )
    + "|.*aka.ms/learnaboutsenderidentification"
)
_RULE = re.compile(r"_{20,}|-{20,}")
_PICTURE = re.compile(r"\[?<?cid:[^\]>\s]{1,200}[\]>]?")
# What a firm puts below: its picture, its addresses on the web.
_LINKS = re.compile(r"(?:[<\[(]?(?:https?://|www\.|cid:|image)\S*[>\])]?\W*){1,20}")
_AT_END = 40  # paragraphs, where footers stand
_LOOKED_AT = 4_000  # letters of a paragraph


def mark_footers(lines: Sequence[Line]) -> None:
    """Mark footers and banners among the words."""
    runs = _runs(lines)
    for number, paragraphs in enumerate(runs):
        if number == 0:
            _mark_banners(paragraphs)
        _mark_from_below(paragraphs, begins=number == 0)


def _runs(lines: Sequence[Line]) -> list[list[list[Line]]]:
    """The paragraphs of each run of words between two other mails."""
    runs: list[list[list[Line]]] = [[[]]]
    for line in lines:
        if line.mark in {Mark.QUOTE, Mark.FORWARD}:
            runs.append([[]])
        elif line.mark is Mark.WORDS and not line.blank:
            runs[-1][-1].append(line)
        else:
            runs[-1].append([])
    found = [[paragraph for paragraph in run if paragraph] for run in runs]
    return [run for number, run in enumerate(found) if run or number == 0]


def _mark_banners(paragraphs: Sequence[Sequence[Line]]) -> None:
    for paragraph in paragraphs[:2] if len(paragraphs) > 1 else ():
        if is_banner(_said(paragraph)):
            _mark(paragraph, Mark.BANNER)


def _mark_from_below(paragraphs: Sequence[Sequence[Line]], *, begins: bool) -> None:
    """Nothing follows a footer but other footers: what stands above a person's words, or their name, is theirs."""
    for place in range(len(paragraphs) - 1, max(len(paragraphs) - _AT_END, 0) - 1, -1):
        paragraph = [line for line in paragraphs[place] if line.mark is Mark.WORDS]
        first = begins and place == 0
        said = _said(paragraph)
        if not first and _LIST_RULE.search(said):
            _mark_list(paragraph)
        elif not first and is_footer(said):
            _mark(paragraph, Mark.FOOTER)
            _mark_title(paragraphs[place - 1] if place else ())
        else:
            _mark_end(paragraph, begins=first)
        if any(line.mark is Mark.WORDS for line in paragraph) and not _LINKS.fullmatch(said):
            return


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
    if _SOMEBODY_SPEAKS.search(said):
        return False
    if len(said) < 400 and _PRINT.search(said) and _NATURE.search(said) and _ASKED.search(said):
        return True
    told = sum(bool(thing.search(said)) for thing in _DISCLAIMER)
    return len(said) >= 60 and told >= (_ENOUGH if _SAYS_THIS.search(said) else _ENOUGH_ALONE)


def is_banner(said: str) -> bool:
    """Whether a paragraph is what a server puts above mail from outside."""
    if _SELDOM.match(said):
        return True
    this_mail = said.startswith("[") or _SAYS_THIS.search(said)
    if not this_mail or _SOMEBODY_SPEAKS.search(said) or not _BANNER.match(said):
        return False
    return len(_BANNER_SAYS.findall(said)) >= 2 and len(said) < 800


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

"""Signatures, and what phones and programs say of themselves under the words.

Cut: what follows "-- " (RFC 3676, and how it looks after a program took its space), and lines such as « Envoyé de mon
iPhone ». Kept: « Cordialement, Jeanne Martin, 06 12 34 56 78 », which people write, or mean to be read.
"""

import re
from collections.abc import Sequence

from inbound_email.footers import is_footer
from inbound_email.lines import STOPS, Line, Mark, is_sentence
from inbound_email.phrases import any_of

_DELIMITER = re.compile(r"(?:--|—|–)")
_MOST_SIGNATURE = 14  # lines; more than that below a dash is a letter that goes on
_AT_END = 200  # lines of a run of words where a program's own line may stand
_PROSE = 90  # letters of a line that is a sentence rather than a name, a title or an address

_SENT = any_of(
    r"""
    sent | delivered | from my | written | typed | composed | posted | envoyée? | expédié | transmis | écrit
    réponse envoyée | provenance
    (?:ce )?(?:message|courriel|mail|e-?mail) (?:a été )?envoyé | gesendet | geschrieben | verschickt | versendet
    diese (?:nachricht|e-?mail) wurde | von meinem | enviad[oa] | mensaje enviado | inviat[oa] | verzonden | verstuurd
    wysłan[eoy] | wiadomość wysłana | odesláno | odoslané | sendt | skickat | skickades | lähetetty | gönderildi
    отправлено | отправлен | послано | надіслано | відправлено | στάλθηκε | εστάλη | trimis | elküldve
    küldve | poslano
    """
)
# The little words between « sent » and the device: nothing else may stand there.
_FROM = any_of(
    r"""
    de | d' | du | depuis | l'app | à partir | a partir | avec | via | sur | l' | l'application | l'appli
    application | mon | ma
    un | une | le | la | les | pour | mobile | appareil | smartphone | téléphone | messagerie | sécurisée | portable
    from | using | with | by | on | my | the | a | an | our | secure | free | new
    verizon,? | at&t,? | t-mobile,? | sprint,? | rogers,? | bell,? | telus,? | virgin,? | koodo,?
    vidéotron,? | fido,?
    von | vom | mit | der | dem | meinem | meiner | meine | mobilen | mobile[rn] | über | aus | per | einem
    unterwegs
    desde | con | mi | el | do | da | meu | minha | pelo | através | com | dal | il | mio | tramite | dall'
    vanaf | met | mijn | vanuit | een | z | ze | mojego | za | pomocą | urządzenia | telefonu | mého | pomocí
    mobilního
    från | min | med | fra | mit | с | из | моего | мобильной | через | з | із | мого | από | το | τη | pe | din | az
    """
)
_APP = any_of(
    r"""
    outlook | yahoo | aol\b | gmail | proton ?mail | proton\b | tutanota | tuta\b | hotmail | mail orange
    orange mail
    (?:laposte|la poste|sfr|free|bbox|libero|virgilio|tiscali|seznam|sympatico|telenet|kpn|btinternet)[- ]mail
    (?:mail|messagerie) (?:de |d'|du )?(?:la poste|orange|sfr|free|bouygues|videotron|vidéotron)
    zimbra | k-9 | k9 | fairemail | thunderbird | spark\b | airmail | typeapp
    blue ?mail | mailbird | mailbox | mailspring | edison | newton | boxer | nine\b | sparrow | canary
    superhuman | hey\b
    missive | front\b | mailmate | em client | the bat | incredimail | mail\.ru | яндекс | yandex | почт | gmx
    web\.de
    1und1 | 1&1 | t-online | freenet | fastmail | zoho | polymail | infomaniak | mailo\b
    (?:\S{2,16} )?(?:e-?)?mail[- ]app
    webmail | workspace one | courrier pour windows | mail (?:for|für|para|per|voor) windows | correo para windows
    windows ?(?:mail|\d\d|live)
    """
)
_DEVICE = any_of(
    r"""
    iphon\w{0,5} | ipad\w{0,4} | ipod | i-?phone | apple watch | mac\b | galaxy | samsung | android | huawei | honor
    xiaomi | redmi | oppo | oneplus | nokia | alcatel | wiko | fairphone | doro\b | crosscall | lumia | pixel
    htc | lg\b | sony | xperia | motorola | moto\b
    blackberry
    windows ?phone | windows \d\d? pc | pc\b | laptop | computer\b | ordinateur | desktop\b | smartphone
    smart phone | téléphone | telephone | phone\b | portable | mobile | handy
    tablet\w{0,2}
    cellulaire | móvil | celular | cellulare | telefon\w{0,2} | telefoon | device | appareil | dispositivo
    gerät | enhed
    puhelin | мобильн\w{0,3} | телефон\w? | планшет\w? | cell\b | pocket | wireless | 4g | 5g
    """
)
_NAME = rf"['\"(*\[]?[^\s,.;:!?]{{0,6}}['-]?(?:{_APP}|{_DEVICE})"
# A sentence goes on after the device; a program's line ends soon, with a name, a network, a model.
_REST = (
    r"(?!.*\b(?:hier|est|sont|était|a été|m'a|n'a|ai|ne|pas|mais|que|qui|sans|je|j'ai|il|elle|is|was|are|not|but|which"
    r"|because|yesterday|ce matin|ce soir|lundi|mardi|mercredi|jeudi|vendredi|aussi|puis|déjà|encore|toujours|votre|vos"
    r"|à (?:mon|ma|mes|la|un|une|votre)|to (?:my|the|your|a)|again|already|twice)\b)[^,;?]{0,60}"
)
# « Envoyé de mon iPhone », « Sent from my HTC smartphone on the Now Network from Sprint! »: the whole line, no more.
_FROM_DEVICE = re.compile(rf"{_SENT}\s?:? (?:{_FROM} ?){{0,6}}{_NAME}{_REST}")
# « Télécharger Outlook pour iOS »
_GET = re.compile(
    any_of(
        """
        get | obtenez | obtenir | téléchargez | télécharger | hol(?:en)?(?: sie)?(?: sich)? | laden sie | descargar
        obtener | obtén | scarica | ottieni | downloaden | download | baixar | obter | pobierz | hämta | hent | hanki
        skaffa | загрузить | скачать | отримати | stáhnout | získat | letöltés | edinin | 获取 | 下載 | 取得
        """
    )
    + rf" (?:{_FROM} ?){{0,3}}{_APP}{_REST}"
)
# « iPhone'umdan gönderildi », « iPhoneから送信 », « Von meinem iPhone gesendet », « Outlook für iOS beziehen »
_SENT_LAST = any_of(
    """
    gesendet | gönderildi | 送信 | 发送 | 發送 | 发自 | 發自 | 傳送 | 寄出 | 寄自 | 보냄 | 보냈습니다 | küldve
    elküldve | geschickt
    verstuurd | verzonden | skickat | lähetetty | sendt | beziehen
    """
)
_DEVICE_FIRST = re.compile(
    rf"(?:[^\s,.;:!?]{{1,24}}[ ]){{0,4}}?[^\s,.;:!?]{{0,8}}(?:{_DEVICE}|{_APP})"
    rf"\S{{0,12}}(?: \S{{1,16}}){{0,3}} ?{_SENT_LAST}"
    r"\S{0,4}[.!]?"
)
# « 发自我的iPhone », « أُرسلت من الـ iPhone »
_SENT_FIRST = any_of(
    """
    发自 | 發自 | 寄自 | 从 | 從 | 來自 | 来自 | ارسل | أرسل | أُرسل | أرسلت | أُرسلت | تم الإرسال | נשלח
    đã gửi | được gửi | gửi
    """
)
_SENT_DEVICE = re.compile(rf"{_SENT_FIRST} ?\S{{0,12}} ?(?:\S{{1,16}} ){{0,4}}?\S{{0,6}}(?:{_DEVICE}|{_APP}).{{0,30}}")
# « Yahoo Mail : Recherchez, organisez, maîtrisez vos e-mails »
_ADVERT = re.compile(r"yahoo mail ?: [^\s,]{3,20}, [^\s,]{3,20},? [^.!?]{3,40}")
_SCUSE = re.compile(
    r"(?:please |veuillez |merci d'|desculpe|disculpe|excusez|excuse|pardon|désolé|sorry|entschuldig).{0,60}"
    r"(?:brevity|typos|brièveté|concision|fautes de frappe|kürze|tippfehler|brevedad|brevidade)"
    r"(?: (?:and|or|et|ou|und|oder|y|e) [^,;:?]{0,30})?[ .!]{0,3}\Z"
)
_SCUSE_AFTER = re.compile(rf"[.,;] {{0,2}}(?={_SCUSE.pattern}).*")
_LINK = re.compile(r"\s*[<(\[]{1,2}(?:https?://|mailto:|www\.)[^>)\]\s]{0,400}[>)\]]{1,2}(?:\([^)\s]{0,400}\))?")
_BARE_LINK = re.compile(
    r"\s*https?://(?:aka\.ms|go\.onelink\.me|apps\.apple\.com|play\.google\.com|overview\.mail\.yahoo\.com)\S*"
)
_MARKUP = re.compile(r"[*_\[\]]")
_LEADING = " -–—_~·|>*(<["


def is_device_line(plain: str) -> bool:
    """Whether a whole line is a program's word about itself."""
    text = _BARE_LINK.sub("", _LINK.sub("", plain[:600]))
    text = _MARKUP.sub("", text).strip(_LEADING).rstrip(")>]").strip()
    if not text or len(text) > 140:
        return False
    low = _SCUSE_AFTER.sub("", text.lower())
    return any(rule.fullmatch(low) for rule in (_FROM_DEVICE, _GET, _ADVERT, _DEVICE_FIRST, _SENT_DEVICE))


def mark_signatures(lines: Sequence[Line]) -> None:
    """Mark the signatures among the words: each run of words between quotes may end with one."""
    run: list[Line] = []
    for line in lines:
        if line.mark is Mark.WORDS:
            run.append(line)
            continue
        _mark_run(run)
        run = []
    _mark_run(run)


def _mark_run(run: Sequence[Line]) -> None:
    for line in run[-_AT_END:]:
        if not line.blank and is_device_line(line.plain):
            line.mark = Mark.FOOTER
    _mark_excuse(run)
    begins, below = -1, list[Line]()
    for here in range(len(run) - 1, -1, -1):
        if _DELIMITER.fullmatch(run[here].plain) and _is_signature(run[here], below):
            begins = here
        if not run[here].blank:
            below.append(run[here])
        if len(below) > _MOST_SIGNATURE:
            break
    for line in run[begins:] if begins >= 0 else ():
        if line.mark is Mark.WORDS:
            line.mark = Mark.SIGNATURE


def _mark_excuse(run: Sequence[Line]) -> None:
    """« Veuillez excuser ma brièveté » beside the device's line, or the last of all: elsewhere a person begs pardon."""
    said = [line for line in run if not line.blank]
    for at in range(max(len(said) - _AT_END, 0), len(said)):
        around = said[at - 1 if at else 0 : at] + said[at + 1 : at + 2]
        beside = at + 1 == len(said) or any(line.mark is Mark.FOOTER for line in around)
        if said[at].mark is Mark.WORDS and beside and _SCUSE.fullmatch(said[at].low.strip(_LEADING)):
            said[at].mark = Mark.FOOTER


def _is_signature(delimiter: Line, below: Sequence[Line]) -> bool:
    """Few and short lines. A dash may also part two halves of a letter: then sentences follow.

    Only programs leave the space after "--": then a motto or a notice may stand in the signature.
    """
    if delimiter.text.endswith("-- "):
        return sum(len(line.plain) >= _PROSE and line.plain.endswith(STOPS) for line in below) <= 1
    if any(line.plain.startswith(f"{delimiter.plain} ") for line in below):  # the sign of a list
        return False
    return not any(line.mark is Mark.WORDS and is_sentence(line.plain) and not is_footer(line.low) for line in below)

"""Sign-offs: « Cordialement, », « Mit freundlichen Grüßen ». They are the person's words, and stay; but what comes after
them follows other rules than what comes before.
"""

import re

_CLOSINGS = re.compile(
    r"(?:bien |très |tres |avec mes |mes |nos |meilleures? |sincères |respectueuse[s]? |veuillez |je vous prie|recevez |merci|dans l'attente"
    r"|cordial|cdlt|cdt|bàv|bav$|salutations|sincèrement|respectueusement|amicalement|bonne |bien à vous|à bientôt|a bientot|amitiés"
    r"|(?:kind|best|warm|many|with|my) |regards|sincerely|yours|cheers|thanks|thank you|take care|all the best|respectfully|cordially"
    r"|mit (?:freundlich|besten|lieben|herzlich|vielen)|freundliche |viele |beste |liebe |herzliche |schöne |gruß|grüße|gruss|grüsse|mfg\b|vg\b|lg\b|hochachtungsvoll|vielen dank"
    r"|saludos|un saludo|atentamente|cordialmente|atenciosamente|cumprimentos|abraço|obrigad|distinti saluti|cordiali saluti|saluti|grazie|gracias"
    r"|met vriendelijke|vriendelijke |groet|groeten|mvg\b|hartelijke |alvast bedankt|bedankt"
    r"|med venlig|venlig hilsen|mvh\b|vh\b|med vänlig|vänliga |hälsningar|med vennlig|vennlig |hilsen|ystävällisin|terveisin|kiitos"
    r"|pozdrawiam|z poważaniem|s pozdravem|pozdrav|с уважением|з повагою|με εκτίμηση|cu stimă|üdvözlettel|saygılarımla|do widzenia)"
)


def is_closing(plain: str) -> bool:
    """Whether a line is a sign-off: it begins as one, and is short."""
    low = plain.lower().strip(" ,.!-—")
    return len(low) <= 60 and bool(_CLOSINGS.match(low))

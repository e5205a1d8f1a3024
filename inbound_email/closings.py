"""Sign-offs: « Cordialement, », « Mit freundlichen Grüßen ». They are the person's words, and stay; but what comes
after them follows other rules than what comes before.
"""

import re

from inbound_email.phrases import any_of

_CLOSINGS = re.compile(
    any_of(
        r"""
        bien\b | très\b | tres\b | avec mes\b | mes\b | nos\b | meilleures?\b | sincères\b | respectueuse[s]?\b
        veuillez\b | je vous prie | recevez\b | merci | dans l'attente | cordial | cdlt | cdt | bàv | bav$ | salutations
        sincèrement | respectueusement | amicalement | bonne\b | bien à vous | à bientôt | a bientot | amitiés
        (?:kind|best|warm|many|with|my)\b | regards | sincerely | yours | cheers | thanks | thank you | take care
        all the best | respectfully | cordially | mit (?:freundlich|besten|lieben|herzlich|vielen) | freundliche\b
        viele\b | beste\b | liebe\b | herzliche\b | schöne\b | gr[uü](?:ß|ss) | grüße | gruss | grüsse
        mfg\b | vg\b | lg\b
        hochachtungsvoll | vielen dank | saludos | un saludo | atentamente | cordialmente | atenciosamente
        cumprimentos | abraço | obrigad | distinti saluti | cordiali saluti | saluti | grazie | gracias
        met vriendelijke | vriendelijke\b | groet | groeten | mvg\b | hartelijke\b | alvast bedankt | bedankt
        med venlig | venlig hilsen | mvh\b | vh\b | med vänlig | vänliga\b | hälsningar | med vennlig | vennlig\b
        hilsen | ystävällisin | terveisin | kiitos | pozdrawiam | z poważaniem | s pozdravem | pozdrav | с уважением
        з повагою | με εκτίμηση | cu stimă | üdvözlettel | saygılarımla | do widzenia
        """
    )
)


def is_closing(plain: str) -> bool:
    """Whether a line is a sign-off: it begins as one, and is short."""
    low = plain.lower().strip(" ,.!-—")
    return len(low) <= 60 and bool(_CLOSINGS.match(low))

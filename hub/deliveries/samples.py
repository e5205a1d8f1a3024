"""What this room sends by itself: answers to words by SMS."""

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext_lazy as _

from hub.deliveries import gsm
from hub.deliveries.incoming import answer_words
from hub.deliveries.models import Channel, Did
from hub.deliveries.previews import Preview, Sample, Subject
from hub.towns.models import Town


def build() -> Sequence[Preview]:
    """STOP, START and HELP."""
    return [
        Preview(
            f"sms-{did}", f"sms_{did}", Subject.ALERTS, _("À qui répond à un SMS"), partial(_answer, did), Channel.SMS
        )
        for did in (Did.STOPPED, Did.RESUMED, Did.HELPED)
    ]


def _answer(did: Did, town: Town) -> Sample:
    return Sample(gsm.plain(answer_words(did, town), strip=True))

"""Where a draft came from, when another authority sent it: as the town's trail keeps it, and in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from hub.alerts.models import Alert
from hub.audit.models import Entry

ACT = "alert.cap"


class State(StrEnum):
    """What is known of a document's signature. One that does not fit has been refused."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"  # it fits, and nobody here knows whose it is; or it can't be looked at
    ABSENT = "absent"


@dataclass(frozen=True)
class Signature:
    """`by`: whose, as its certificate says: believed only of a verified one."""

    state: State
    by: str = ""


@dataclass(frozen=True)
class Origin:
    """Who sent it, and what is known of its signature; None: it came before that was looked at."""

    sender: str
    signature: Signature | None

    @property
    def verified(self) -> bool:
        """Whether it is known to be of who signed it."""
        return self.signature is not None and self.signature.state == State.VERIFIED

    @property
    def said(self) -> str:
        """A sentence about its signature; "" when nothing is known."""
        return sentence(self.signature) if self.signature else ""


def sentence(signature: Signature) -> str:
    """« Signature vérifiée : Environnement Canada. »"""
    if signature.state == State.VERIFIED:
        return _("Signature vérifiée : %(name)s.") % {"name": signature.by}
    if signature.state == State.ABSENT:
        return _("Signature absente : rien ne prouve qui l’a envoyée.")
    if signature.by:
        return _("Signature non vérifiée : « %(name)s » n’est pas un signataire connu ici.") % {"name": signature.by}
    return _("Signature non vérifiée : elle est faite d’une façon que Parvis ne sait pas lire.")


def short(signature: Signature) -> str:
    """« Signature vérifiée », for a list."""
    return {
        State.VERIFIED: _("Signature vérifiée"), State.UNVERIFIED: _("Signature non vérifiée"),
        State.ABSENT: _("Signature absente"),
    }[signature.state]  # fmt: skip


def origins_of(alerts: Collection[Alert]) -> Mapping[int, Origin]:
    """Of those among them that another authority sent, by the alert's number; one query."""
    keys = {f"alert.{alert.pk}": alert.pk for alert in alerts if alert.key.startswith("cap.")}
    found = Entry.objects.filter(subject__in=keys, act=ACT) if keys else Entry.objects.none()
    return {keys[entry.subject]: Origin(entry.what.get("sender", ""), read(entry.what)) for entry in found}


def written(signature: Signature) -> dict[str, str]:
    """As the trail keeps it."""
    return {"signature": signature.state.value, "signer": signature.by}


def read(what: Mapping[str, str]) -> Signature | None:
    """The same, from an entry's fields."""
    state = what.get("signature", "")
    return Signature(State(state), what.get("signer", "")) if state else None

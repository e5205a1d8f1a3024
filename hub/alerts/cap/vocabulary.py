"""The words of CAP 1.2 (section 3.2), and which of ours become which. Pure."""

from hub.alerts.models import Danger, Purpose

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIZE_MAX = 1_000_000  # of a document that comes in, in bytes
CONTENT_TYPE = "application/cap+xml"

STATUSES = frozenset({"Actual", "Exercise", "System", "Test", "Draft"})
MESSAGE_TYPES = frozenset({"Alert", "Update", "Cancel", "Ack", "Error"})
SCOPES = frozenset({"Public", "Restricted", "Private"})
CATEGORIES = frozenset(
    {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}
)
URGENCIES = frozenset({"Immediate", "Expected", "Future", "Past", "Unknown"})
SEVERITIES = frozenset({"Extreme", "Severe", "Moderate", "Minor", "Unknown"})
CERTAINTIES = frozenset({"Observed", "Likely", "Possible", "Unlikely", "Unknown"})

# In haste: everybody there is told.
IN_HASTE = frozenset({"Extreme", "Severe"})

MESSAGE_TYPE = {Purpose.ALERT: "Alert", Purpose.UPDATE: "Update", Purpose.END: "Cancel"}
CATEGORY = {
    Danger.WATER: "Health", Danger.FLOOD: "Met", Danger.FIRE: "Fire", Danger.CHEMICAL: "CBRNE", Danger.STORM: "Met",
    Danger.OUTAGE: "Infra", Danger.MISSING: "Rescue", Danger.OTHER: "Safety",
}  # fmt: skip
# The first of a message's categories that says something here.
DANGER = {
    "Fire": Danger.FIRE, "CBRNE": Danger.CHEMICAL, "Infra": Danger.OUTAGE, "Rescue": Danger.MISSING,
    "Met": Danger.STORM,
}  # fmt: skip


def how_bad(*, emergency: bool, ended: bool) -> tuple[str, str, str]:
    """Urgency, severity and certainty of what a town says. Its emergencies are seen, and now."""
    if ended:
        return "Past", "Minor", "Observed"
    return ("Immediate", "Severe", "Observed") if emergency else ("Expected", "Minor", "Likely")

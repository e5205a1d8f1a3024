"""What a rig is: an adapter, its provider played by the real thing, and what has arrived there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels_adapters.base import Adapter, Item


@dataclass(frozen=True)
class Arrived:
    """One item at the provider's."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Rig:
    """`name` as in the registry; `away` is the same adapter whose provider can't be reached."""

    name: str
    options: Mapping[str, object]
    adapter: Adapter
    away: Adapter
    item: Item
    arrived: Callable[[], list[Arrived]]


SMS = Item(channel="sms", to="+33639980012", text="Saint-Aurèle : demande SA26-00042 notée.\nC'est l'hôtel de ville.")

"""What the demo's towns alert about, and who wants to be told of it."""

from datetime import timedelta

from hub.alerts.models import Subscription, SubscriptionTheme, Theme
from hub.core.clock import now
from hub.people.models import Membership, Person, Phone, Role
from hub.towns.models import Town

_CHOSEN_FOR = timedelta(days=20)
# Name, English name, image.
_THEMES = {
    "saint-aurele": (
        ("Eau potable", "Drinking water", "drop"),
        ("Déneigement et circulation", "Snow removal and traffic", "snow"),
        ("Écoles et garderies", "Schools and child care", "users"),
        ("Collectes", "Waste collection", "bin"),
        ("Loisirs et culture", "Leisure and culture", "star"),
        ("Sécurité publique", "Public safety", "shield"),
    ),
    "valbourg": (
        ("Eau potable", "Drinking water", "drop"),
        ("Travaux et circulation", "Road works and traffic", "road"),
        ("Écoles et cantine", "Schools and canteen", "users"),
        ("Collectes", "Waste collection", "bin"),
        ("Culture et fêtes", "Culture and events", "star"),
        ("Sécurité et météo", "Safety and weather", "shield"),
    ),
}
# How the residents choose, one after the other: all themes or these, by which means.
_HABITS: tuple[tuple[bool, tuple[int, ...], tuple[str, ...]], ...] = (
    (True, (), ("sms", "email")),
    (False, (0, 5), ("sms", "email", "voice")),
    (False, (2, 3), ("email",)),
    (True, (), ("email", "push")),
    (False, (0, 1, 3), ("email",)),
    (False, (), ("email",)),
    (True, (), ("sms", "email", "voice")),
)


def fill(towns: dict[str, Town]) -> None:
    """Six themes for each town; what its residents want, the same at every start. Numbers of the demo are proven."""
    for slug, town in towns.items():
        themes = Theme.objects.bulk_create(
            Theme(town=town, name=name, name_en=english, icon=icon, position=place)
            for place, (name, english, icon) in enumerate(_THEMES[slug])
        )
        _subscribe(town, themes)
    Phone.objects.filter(verified_at=None).update(verified_at=now())


def _subscribe(town: Town, themes: list[Theme]) -> None:
    living = Membership.objects.filter(town=town, role=Role.CITIZEN).values("person")
    people = Person.objects.filter(pk__in=living).order_by("pk")
    chosen = [_HABITS[place % len(_HABITS)] for place in range(len(people))]
    said_at = now() - _CHOSEN_FOR
    rows = Subscription.objects.bulk_create(
        Subscription(person=person, town=town, all_themes=all_themes, channels=list(channels), changed_at=said_at)
        for person, (all_themes, _themes, channels) in zip(people, chosen, strict=True)
    )
    SubscriptionTheme.objects.bulk_create(
        SubscriptionTheme(subscription=row, theme=themes[place])
        for row, (_all, places, _channels) in zip(rows, chosen, strict=True)
        for place in places
    )

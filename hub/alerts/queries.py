"""Reads of themes and of who subscribes to them."""

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hub.alerts import rules
from hub.alerts.models import Subscription, SubscriptionTheme, Theme
from hub.alerts.rules import Wanted
from hub.core.errors import NotFound
from hub.people.models import Membership, Person, Phone, Role
from hub.people.queries import devices_of, really_there, towns_of
from hub.towns.models import Town


def themes_of(town: Town) -> QuerySet[Theme]:
    """Those in use, in the town's order."""
    return Theme.objects.filter(town=town, archived_at=None)


def archived_themes_of(town: Town) -> QuerySet[Theme]:
    """Those that were in use."""
    return Theme.objects.filter(town=town).exclude(archived_at=None).order_by("name", "pk")


def access_theme(town: Town, theme_id: int) -> Theme:
    """One of the town's, archived or not. Raises `NotFound` for any other."""
    found = Theme.objects.filter(town=town, pk=theme_id).first()
    if found is None:
        raise NotFound
    return found


def wanted_of(person: Person, town: Town) -> Wanted:
    """What the person wants of the town's alerts; what holds for them when they never said."""
    found = Subscription.objects.filter(person=person, town=town).first()
    return wanted_in(found) if found else by_default(person)


def has_said(person: Person, town: Town) -> bool:
    """Whether the person, or staff for them, ever said what they want."""
    return Subscription.objects.filter(person=person, town=town).exists()


def by_default(person: Person) -> Wanted:
    """What holds for this person where they never said."""
    phone = first_phone(person)
    return rules.never_said(
        email=bool(person.email), first_number=phone.number if phone else "", device=devices_of(person).exists()
    )


def wanted_in(subscription: Subscription) -> Wanted:
    """What it says; themes that are archived are left out."""
    chosen = subscription.chosen.filter(theme__archived_at=None).values_list("theme", flat=True)
    return Wanted(frozenset(chosen), subscription.all_themes, frozenset(subscription.channels))


def towns_followed(person: Person) -> list[Town]:
    """Whose alerts the person can be told: the towns they belong to, but for those that they answer the phone for."""
    return [town for town, roles in towns_of(person).items() if roles - {Role.OPERATOR}]


def access_followed(person: Person, slug: str) -> Town:
    """One of these. Raises `NotFound` for any other town, as if it were not there."""
    town = next((town for town in towns_followed(person) if town.slug == slug), None)
    if town is None:
        raise NotFound
    return town


def subscribers(town: Town, theme: Theme | None, channel: str) -> QuerySet[Person]:
    """Who follows the town and wants alerts of this theme by this means; `theme` None: of all themes.

    Whether the means reaches them is another question (`hub.alerts.audience`); calls are for emergencies alone
    (`rules.channels_for`). Raises `NotFound` for another town's theme.
    """
    if theme is not None and theme.town_id != town.pk:
        raise NotFound
    chosen = SubscriptionTheme.objects.filter(subscription=OuterRef("pk"), theme=theme)
    # Kept as a list of words; a comparison of texts is the same on both databases.
    means = Subscription.objects.annotate(means=Cast("channels", TextField())).filter(means__contains=f'"{channel}"')
    about = Q(all_themes=True) | Q(Exists(chosen)) if theme else Q(all_themes=True)
    wanted = means.filter(about, person=OuterRef("pk"), town=town)
    follows = Membership.objects.filter(person=OuterRef("pk"), town=town).exclude(role=Role.OPERATOR)
    return Person.objects.filter(Exists(wanted), Exists(follows), really_there(), is_active=True)


def first_phone(person: Person) -> Phone | None:
    """The one that is linked to alerts (S9)."""
    return Phone.objects.filter(person=person).order_by("position", "pk").first()


def own_phone(person: Person, phone_id: int) -> Phone:
    """One of the person's. Raises `NotFound` for any other."""
    found = Phone.objects.filter(person=person, pk=phone_id).first()
    if found is None:
        raise NotFound
    return found

"""Fills both town halls of the demo with a year of tickets."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction

from hub.demo.tickets import fates, marks, stories, told, town_hall
from hub.demo.tickets.dossier import Dossier
from hub.demo.tickets.lives import Life
from hub.demo.tickets.opening import Register, open_dossier
from hub.demo.tickets.places import SAINT_AURELE, VALBOURG, Land
from hub.demo.tickets.plans import Plan, of_a_year
from hub.demo.tickets.stock import FRANCE, QUEBEC, Stock
from hub.demo.tickets.stories import Story, Word
from hub.demo.tickets.storing import store
from hub.demo.tickets.town_hall import TownHall
from hub.demo.tickets.world import Staff, World
from hub.people.models import Membership, Person, Role
from hub.tickets.models import Status
from hub.towns.models import Town

COUNT = 300  # in each town


@dataclass(frozen=True)
class Setting:
    """What one town is made of. `accounts`: keys of the printed accounts who live there."""

    hall: TownHall
    land: Land
    stock: Stock
    stories: tuple[Story, ...]
    words: tuple[Word, ...]
    accounts: tuple[str, ...]


SETTINGS = {
    "saint-aurele": Setting(
        town_hall.SAINT_AURELE, SAINT_AURELE, QUEBEC, stories.SAINT_AURELE, stories.SAINT_AURELE_WORDS,
        ("alice", "bruno"),
    ),
    "valbourg": Setting(
        town_hall.VALBOURG, VALBOURG, FRANCE, stories.VALBOURG, stories.VALBOURG_WORDS, ("alice", "chloe")
    ),
}  # fmt: skip


def fill(
    people: dict[str, Person], residents: dict[str, Person], towns: dict[str, Town], *, count: int = COUNT
) -> None:
    """So many tickets in each town. `people`: the printed accounts by address; `residents`: the others by key."""
    for slug, town in towns.items():
        setting = SETTINGS[slug]
        live_here = set(Membership.objects.filter(town=town, role=Role.CITIZEN).values_list("person_id", flat=True))
        accounts = {key: people[f"{key}@citoyen.example"] for key in setting.accounts}
        accounts |= {key: person for key, person in residents.items() if person.pk in live_here}
        with transaction.atomic():  # one commit: a demo starts in seconds
            _fill(setting, town, accounts, count)


def _fill(setting: Setting, town: Town, accounts: dict[str, Person], count: int) -> None:
    settings = town_hall.furnish(town, setting.hall)
    world = World(town, setting.land, setting.stock, settings, staff_of(town), accounts)
    register = Register(world)
    told_ones = {story.key: _plan(world, story) for story in setting.stories}
    plans = [*of_a_year(world, count - len(told_ones)), *told_ones.values()]
    plans.sort(key=lambda plan: plan.at)
    lives = [_life(world, register, plan) for plan in plans]
    by_story = {plan.story: life for plan, life in zip(plans, lives, strict=True) if plan.story}
    others = [life for plan, life in zip(plans, lives, strict=True) if not plan.story]
    told.tell(setting.stories, setting.words, by_story)
    fates.befall(world, others, sum(_is_open(life.dossier) for life in by_story.values()))
    dossiers = [life.dossier for life in lives]
    marks.follow(world, dossiers)
    store(world, dossiers, dict(register.last))
    marks.keep_at_hand(world, _printed(world))
    marks.ring(world, dossiers)


def _is_open(dossier: Dossier) -> bool:
    return dossier.ticket.status in {Status.TRANSFERRED, Status.IN_PROGRESS}


def staff_of(town: Town) -> Staff:
    """Who works there, by what they do."""
    held = Membership.objects.filter(town=town).exclude(role=Role.CITIZEN).order_by("pk")
    rows = list(held.select_related("person").prefetch_related("services"))
    of: dict[int, list[Person]] = {}
    for row in rows:
        for service in row.services.all():
            of.setdefault(service.pk, []).append(row.person)
    first = {row.role: row.person for row in reversed(rows)}
    mayor = first[Role.MAYOR]
    return Staff(mayor, first.get(Role.MANAGER, mayor), first[Role.OPERATOR], of)


def _printed(world: World) -> list[Person]:
    """Those of the staff whom one may be: they have a password."""
    found = Membership.objects.filter(town=world.town, role__in=(Role.AGENT, Role.MANAGER, Role.MAYOR))
    people = [row.person for row in found.select_related("person").order_by("pk")]
    return [person for person in people if person.has_usable_password()]


def _plan(world: World, story: Story) -> Plan:
    subject, variant = world.stock.about(story.begins)
    subject = replace(subject, language="en") if story.english else subject
    at = min(story.when(world.present), world.present - timedelta(minutes=5))
    return Plan(at, subject, variant, story.source, story.account, story.key, story.street, story.number, story.words)


def _life(world: World, register: Register, plan: Plan) -> Life:
    number = register.number(plan)
    rng = world.rng("ticket", number, plan.story)
    dossier, wording = open_dossier(world, plan, number, rng)
    agents = world.staff.agents(dossier.ticket.service)
    agent = agents[0] if rng.random() < 0.7 else rng.choice(agents)
    if dossier.ticket.internal:
        agent = dossier.ticket.requester
    return Life(world, dossier, plan.subject, plan.variant, wording, rng, agent)

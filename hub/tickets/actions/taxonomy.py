"""What changes a town's categories and their questions (S92, S93, S101); each change is in the trail."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hub.audit.actions import note
from hub.core import ordering
from hub.core.errors import Conflict, Invalid, NotFound
from hub.core.typography import typeset
from hub.people.models import Person
from hub.tickets.actions.settings import check_manages, note_changes
from hub.tickets.icons import ICONS
from hub.tickets.models import Answering, Category, Question
from hub.tickets.starter import create_starter
from hub.tickets.taxonomy import check_place, may_be_removed, was_asked
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

MAX_DELAY_DAYS = 366
_SAID = (
    "name", "name_en", "parent", "icon", "service", "delay_days", "public_allowed", "for_citizens", "active",
)  # fmt: skip
_ASKED = ("text", "text_en", "answering", "choices", "required", "active")


def start_categories(*, actor: Person, town: Town, services: Mapping[str, Service]) -> None:
    """The set that most towns begin with (S90). Raises as `starter.create_starter`; `Forbidden`."""
    check_manages(actor, town)
    with transaction.atomic():
        made = create_starter(town, services)
        what = {"number": str(len(made))}
        note(town_id=town.pk, actor=actor, act="category.start", subject=f"town.{town.slug}"[:60], what=what)


def add_category(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> Category:
    """A new category, the last of its place.

    `fields`: `{name, name_en, parent, icon, service, delay_days, public_allowed, for_citizens, active}`; what is not
    given has its default. Raises `Invalid` with the field; `NotFound` for another town's parent or service;
    `Forbidden`.
    """
    check_manages(actor, town)
    with transaction.atomic():
        tree = _locked_tree(town)
        category = Category(town=town)
        _say(tree, category, fields, new=True)
        category.position = ordering.last_place(tree.children(category.parent, every=True))
        category.save()
        note(
            town_id=town.pk, actor=actor, act="category.add", subject=f"category.{category.pk}",
            what={"title": tree.path_name(category, label=False)},
        )  # fmt: skip
    return category


def change_category(*, actor: Person, category: Category, fields: Mapping[str, Any]) -> Category:
    """Say otherwise what is in `fields`; what it is moved to it stands last in. Raises as `add_category`.

    Its tickets stay in it, with the service and the due date that they have.
    """
    check_manages(actor, category.town)
    with transaction.atomic():
        tree = _locked_tree(category.town)
        kept = tree.get(category.pk)
        if kept is None:
            raise NotFound
        before, came_from = _state(kept), kept.parent_id
        _say(tree, kept, fields, new=False)
        if kept.parent_id != came_from:
            kept.position = ordering.last_place(tree.children(kept.parent, every=True))
        kept.save()
        note_changes(
            actor=actor, town=category.town, act="category.change", subject=f"category.{kept.pk}", before=before,
            after=_state(kept), name=before["name"],
        )  # fmt: skip
    return kept


def shift_category(*, actor: Person, category: Category, by: int) -> None:
    """One place up (-1) or down (1) among those beside it; at the end it stays. Raises `Forbidden`."""
    check_manages(actor, category.town)
    with transaction.atomic():
        _locked_tree(category.town)
        ordering.shift(Category.objects.filter(town=category.town, parent=category.parent_id), category.pk, by)


def remove_category(*, actor: Person, category: Category) -> None:
    """Take away what was never used, with its questions.

    Raises `Conflict` when something stands below it or a ticket was made in it; `Forbidden`.
    """
    check_manages(actor, category.town)
    with transaction.atomic():
        tree = _locked_tree(category.town)
        if not may_be_removed(category):
            raise Conflict(
                _("« %(name)s » sert encore : mettez cette catégorie hors d’usage plutôt que de la supprimer.")
                % {"name": category.label}
            )
        note(
            town_id=category.town_id, actor=actor, act="category.remove", subject=f"category.{category.pk}",
            what={"title": tree.path_name(category, label=False)},
        )  # fmt: skip
        category.delete()


def _locked_tree(town: Town) -> Tree:
    """The tree, which nobody else changes until the transaction ends: its rules hold for all of it."""
    Town.objects.select_for_update(no_key=True).get(pk=town.pk)
    return Tree(town)


def _say(tree: Tree, category: Category, fields: Mapping[str, Any], *, new: bool) -> None:
    said = {name: fields.get(name, getattr(category, name)) for name in _SAID}
    said["name"], said["name_en"] = (" ".join(said[name].split()) for name in ("name", "name_en"))
    for named in (said["parent"], said["service"]):
        if named is not None and named.town_id != category.town_id:
            raise NotFound
    if not said["name"]:
        raise Invalid(_("Donnez un nom à cette catégorie."), field="name")
    if said["icon"] and said["icon"] not in ICONS:
        raise Invalid(_("Cette image n’existe pas."), field="icon")
    if said["delay_days"] is not None and not 0 <= said["delay_days"] <= MAX_DELAY_DAYS:
        raise Invalid(_("De 0 à %(max)d jours.") % {"max": MAX_DELAY_DAYS}, field="delay_days")
    # While it still stands where the tree knows it.
    check_place(tree, None if new else category, said["parent"], said["name"])
    for name, value in said.items():
        setattr(category, name, value)


def _state(category: Category) -> dict[str, str]:
    return {name: str(getattr(category, name) if getattr(category, name) is not None else "") for name in _SAID}


# Questions.


def add_question(*, actor: Person, category: Category, fields: Mapping[str, Any]) -> Question:
    """One more question, the last: `{text, text_en, answering, choices, required, active}`.

    Raises `Invalid` with the field; `Forbidden`.
    """
    check_manages(actor, category.town)
    with transaction.atomic():
        question = Question(category=category, position=ordering.last_place(category.questions.all()))
        _ask(question, fields)
        question.save()
        note(
            town_id=category.town_id, actor=actor, act="question.add", subject=f"question.{question.pk}",
            what={"title": question.text, "category": category.name},
        )  # fmt: skip
    return question


def change_question(*, actor: Person, question: Question, fields: Mapping[str, Any]) -> Question:
    """Ask otherwise. Answers that were given keep their words. Raises as `add_question`."""
    town = question.category.town
    check_manages(actor, town)
    with transaction.atomic():
        before = _asked(question)
        _ask(question, fields)
        question.save()
        note_changes(
            actor=actor, town=town, act="question.change", subject=f"question.{question.pk}", before=before,
            after=_asked(question), name=before["text"],
        )  # fmt: skip
    return question


def shift_question(*, actor: Person, question: Question, by: int) -> None:
    """One place up (-1) or down (1); at the end it stays. Raises `Forbidden`."""
    check_manages(actor, question.category.town)
    with transaction.atomic():
        _locked_tree(question.category.town)
        ordering.shift(question.category.questions.all(), question.pk, by)


def remove_question(*, actor: Person, question: Question) -> None:
    """Take away what nobody was asked. Raises `Conflict` once somebody may have answered it; `Forbidden`."""
    town = question.category.town
    check_manages(actor, town)
    with transaction.atomic():
        if was_asked(question):
            raise Conflict(_("Cette question a déjà été posée : mettez-la hors d’usage plutôt que de la supprimer."))
        what = {"title": question.text, "category": question.category.name}
        note(town_id=town.pk, actor=actor, act="question.remove", subject=f"question.{question.pk}", what=what)
        question.delete()


def _ask(question: Question, fields: Mapping[str, Any]) -> None:
    for name in _ASKED:
        if name in fields:
            setattr(question, name, fields[name])
    question.text, question.text_en = (typeset(" ".join(said.split())) for said in (question.text, question.text_en))
    if not question.text:
        raise Invalid(_("Écrivez la question."), field="text")
    if question.answering not in Answering.values:
        raise Invalid(_("Dites comment on y répond."), field="answering")
    if question.answering != Answering.CHOICE:
        question.choices = []
    elif len(question.choices) < 2:
        raise Invalid(_("Donnez au moins deux choix."), field="choices")


def _asked(question: Question) -> dict[str, str]:
    choices = ", ".join(choice["fr"] for choice in question.choices)
    return {**{name: str(getattr(question, name)) for name in _ASKED}, "choices": choices}

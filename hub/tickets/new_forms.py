"""« Nouvelle requête »: what staff type in while somebody is on the phone or at the counter (S77, S79)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.core.folding import folded, words_of
from hub.tickets import rules
from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.icons import ICONS
from hub.tickets.models import Category, Priority, Question, Source, TicketKind
from hub.tickets.places import read_place
from hub.tickets.reporting.fields import FilesField, field_name, question_field
from hub.tickets.tree import SEPARATOR, Tree

SOURCES = (Source.PHONE, Source.COUNTER, Source.LETTER, Source.EMAIL, Source.SMS)


def category_named(tree: Tree, typed: str) -> Category | None:
    """The leaf that is meant: by its whole way as the list shows it, else the only one that holds all these words.

    What its picture shows counts too: « lampadaire » means the category whose picture is one; where there is none, what
    is asked there and what people say for it (`Tree.hints`).
    """
    ways = {leaf.pk: tree.path_name(leaf) for leaf in tree.leaves()}
    exact = [pk for pk, way in ways.items() if folded(way) == folded(typed.strip())]
    asked = words_of(typed)
    held = _holding(asked, {leaf.pk: f"{ways[leaf.pk]} {picture_of(tree, leaf)}" for leaf in tree.leaves()})
    last = [pk for pk in held if folded(ways[pk].rpartition(SEPARATOR)[2]) == folded(typed.strip())]
    found = exact or last or held or _holding(asked, {leaf.pk: tree.hints(leaf) for leaf in tree.leaves()})
    return tree.get(found[0]) if len(found) == 1 else None


def _holding(asked: Sequence[str], said: Mapping[int, str]) -> list[int]:
    """Those of which all these words are said."""
    return [pk for pk, words in said.items() if asked and all(word in folded(words) for word in asked)]


def picture_of(tree: Tree, category: Category) -> str:
    """What the picture of a category shows, in a word."""
    return str(ICONS.get(tree.icon(category), ""))


class NewTicketForm(forms.Form):
    """A ticket typed in by staff. `questions`: of the category, once it is known."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    source = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    internal = forms.BooleanField(required=False)
    category = forms.CharField(max_length=300)
    kind = forms.ChoiceField(required=False)
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=rules.MAX_DESCRIPTION)
    priority = forms.ChoiceField(required=False)
    requester = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    first_name = forms.CharField(required=False, max_length=80)
    last_name = forms.CharField(required=False, max_length=80)
    email = forms.CharField(required=False, max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    anonymous = forms.BooleanField(required=False)
    wants_follow_ups = forms.BooleanField(required=False)
    public = forms.BooleanField(required=False)
    hold = forms.BooleanField(required=False)
    attached = FilesField(extensions=rules.STAFF_FILES)
    place = forms.Field(required=False)
    task_of = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *arguments: Any, tree: Tree, questions: Sequence[Question] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tree, self.questions = tree, questions
        for question in questions:
            self.fields[field_name(question)] = question_field(question)
        for name, choices in (
            ("source", [(one.value, one.label) for one in SOURCES]),
            ("kind", TicketKind.choices),
            ("priority", [(one.name.lower(), one.label) for one in reversed(Priority)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self._name_fields()

    def _name_fields(self) -> None:
        labels = {
            "category": _("Catégorie"), "kind": _("Sorte"), "description": _("Ce qui se passe"),
            "priority": _("Priorité"), "first_name": _("Prénom"), "last_name": _("Nom"), "email": _("Courriel"),
            "phone": _("Téléphone"), "attached": _("Photos, fichiers, lettre numérisée"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["description"].error_messages["required"] = _("Décrivez ce qui se passe.")
        self.fields["category"].error_messages["required"] = _("Choisissez une catégorie.")

    def question_fields(self) -> list[BoundField]:
        """The category's questions, in order."""
        return [self[field_name(question)] for question in self.questions]

    def clean_category(self) -> int:
        """Which one is meant."""
        found = category_named(self.tree, self.cleaned_data["category"])
        if found is None:
            raise forms.ValidationError(_("Choisissez une catégorie de la liste."))
        return found.pk

    def clean(self) -> dict[str, Any]:
        """The place, by the same rules as everywhere."""
        try:
            self.cleaned_data["where"] = read_place(self.data)
        except Invalid as error:
            self.add_error("place", str(error))
        return self.cleaned_data

    def refuse(self, error: Invalid) -> None:
        """Show what the action said at its field."""
        name = {"file": "attached", "files": "attached", "address": "place", "phone2": "phone"}.get(
            error.field or "", error.field
        )
        self.add_error(name if name in self.fields else None, str(error))

    @property
    def draft(self) -> Draft:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        internal, anonymous = said["internal"], said["anonymous"]
        contact = Contact(*(said[name] for name in ("first_name", "last_name", "email", "phone")))
        return Draft(
            category_id=said["category"], description=said["description"], key=said["key"],
            kind=TicketKind(said["kind"] or TicketKind.REQUEST), source=Source(said["source"] or Source.PHONE),
            place=said.get("where") or Place(), public=said["public"] and not internal, anonymous=anonymous,
            answers={one.pk: said.get(field_name(one), "") for one in self.questions},
            wants_follow_ups=said["wants_follow_ups"] and not internal, sms_will_do=True, internal=internal,
            contact=None if internal else contact, requester_id=None if internal or anonymous else said["requester"],
            hold=said["hold"], priority=said["priority"], task_of=said["task_of"],
            files=[(one.name or "", one) for one in said["attached"]],
        )  # fmt: skip

"""The form of « Signaler un problème »: all steps at once, read into a draft (S80 to S86)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.people.models import Person
from hub.tickets import rules
from hub.tickets.drafts import Contact, Draft, Place, clean_contact, clean_place
from hub.tickets.models import Category, Question, Source, TicketKind
from hub.tickets.places import read_place
from hub.tickets.reporting.fields import FilesField, field_name, question_field
from hub.towns.models import Town

DOCUMENTS = tuple(kind for kind in rules.WEB_FILES if kind not in rules.PICTURES)
# What comes at once is held at once, whoever sends it (deploy/nginx.conf has the same, and a little more).
TOGETHER_BYTES = 40 * 1024 * 1024
# Where an action's word on a field is shown, when the form has it under another name.
_SHOWN_AT = {"file": "documents", "files": "documents", "address": "place", "phone2": "phone"}


@dataclass(frozen=True)
class Asked:
    """What a form asks for, and whom. `person`: who is signed in; None: somebody without an account (S19)."""

    town: Town
    category: Category
    questions: Sequence[Question]
    anonymous_allowed: bool
    person: Person | None


class ReportForm(forms.Form):
    """What somebody reports in a category."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    website = forms.CharField(required=False)  # people don't see it: who fills it in is a program
    kind = forms.ChoiceField(widget=forms.RadioSelect, initial=TicketKind.REQUEST)
    place = forms.Field(required=False)  # shown as address, lat and lon, by tickets/parts/place.html
    no_place = forms.BooleanField(required=False)
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), max_length=rules.MAX_DESCRIPTION)
    photos = FilesField(extensions=rules.PICTURES)
    documents = FilesField(extensions=rules.WEB_FILES)
    public = forms.BooleanField(required=False)
    anonymous = forms.BooleanField(required=False)
    first_name = forms.CharField(required=False, max_length=80)
    last_name = forms.CharField(required=False, max_length=80)
    email = forms.CharField(required=False, max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    wants_follow_ups = forms.BooleanField(required=False, initial=True)

    use_required_attribute = False  # a step that is not shown must not stop the others; we say it in words

    def __init__(self, *arguments: Any, asked: Asked, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.town, self.category, self.questions = asked.town, asked.category, asked.questions
        self.person, self.anonymous_allowed = asked.person, asked.anonymous_allowed
        for question in self.questions:
            self.fields[field_name(question)] = question_field(question)
        if not self.category.public_allowed:
            del self.fields["public"]
        self.fields["anonymous"].disabled = not self.anonymous_allowed
        self._name_fields()

    def _name_fields(self) -> None:
        """Labels, hints and what the page's script says, in the reader's language."""
        for name, (label, hint, attrs) in _words(self.anonymous_allowed).items():
            if name in self.fields:
                field = self.fields[name]
                field.label, field.help_text = label, hint
                field.widget.attrs.update(attrs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = _kinds()
        self.fields["description"].error_messages["required"] = _("Décrivez ce qui se passe.")

    def question_fields(self) -> list[BoundField]:
        """The category's questions, in order."""
        return [self[field_name(question)] for question in self.questions]

    def clean_website(self) -> str:
        """Nobody sees this field."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Un champ invisible a été rempli, comme le font les robots. Il est vidé : envoyez de nouveau.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        """Place, contact and number of files, by the rules that actions keep too: said all at once."""
        said = self.cleaned_data
        with self._mending():
            said["description"] = rules.clean_description(said.get("description", ""))
        with self._mending():
            said["where"] = self._place()
        with self._mending():
            said["contact"] = self._contact()
        self._check_files()
        return said

    @contextmanager
    def _mending(self) -> Iterator[None]:
        try:
            yield
        except Invalid as error:
            self.refuse(error)

    def refuse(self, error: Invalid) -> None:
        """Show what an action said at its field, unless that has its word already."""
        name = _SHOWN_AT.get(error.field or "", error.field)
        shown = name if name in self.fields else None
        if shown is None or shown not in self.errors:
            self.add_error(shown, str(error))

    def _place(self) -> Place:
        place = clean_place(read_place(self.data))
        if not place.address and place.lat is None and not self.cleaned_data.get("no_place"):
            raise Invalid(_("Dites où c’est, ou cochez « Sans lieu précis »."), field="place")
        return place

    def _contact(self) -> Contact | None:
        """How to reach them (S85); nobody when it is anonymous (S99)."""
        said = self.cleaned_data
        if said.get("anonymous"):
            said["wants_follow_ups"] = False
            return Contact()
        given = clean_contact(
            Contact(*(said.get(name, "") for name in ("first_name", "last_name", "email", "phone"))), self.town.country
        )
        if self.person is None:
            self._check_reachable(given)
        known = given.email or (self.person.email if self.person else "")
        rules.check_follow_ups(wanted=bool(said.get("wants_follow_ups")), anonymous=False, email=known)
        return given

    def _check_reachable(self, given: Contact) -> None:
        if not given.first_name and not given.last_name:
            self.add_error("last_name", _("Donnez votre nom."))
        if not given.email and not given.phone:
            raise Invalid(
                _("Donnez un courriel ou un téléphone, pour que la mairie puisse vous répondre."), field="email"
            )

    def _check_files(self) -> None:
        files = self._files()
        if len(files) > rules.MAX_FILES:
            self.add_error("documents", _("Joignez dix fichiers au plus."))
        if sum(one.size or 0 for one in files) > TOGETHER_BYTES:
            self.add_error("documents", _("Vos fichiers dépassent 40 Mo ensemble : enlevez-en un."))

    def _files(self) -> "list[UploadedFile[Any]]":
        return [*self.cleaned_data.get("photos", []), *self.cleaned_data.get("documents", [])]

    @property
    def draft(self) -> Draft:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        return Draft(
            category_id=self.category.pk, description=said["description"], kind=TicketKind(said["kind"]),
            source=Source.WEB, key=said["key"], place=said["where"],
            answers={question.pk: said[field_name(question)] for question in self.questions},
            public=said.get("public", False), anonymous=said["anonymous"], wants_follow_ups=said["wants_follow_ups"],
            contact=said["contact"], language=(get_language() or "fr")[:2],
            files=[(one.name or "", one) for one in self._files()],
        )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    """S72, in plain words."""
    return [
        (TicketKind.REQUEST, _("Une demande : quelque chose à réparer, à nettoyer, à installer")),
        (TicketKind.COMPLAINT, _("Une plainte : une situation, ou un service qui ne va pas")),
        (TicketKind.PERMIT, _("Un permis : l’autorisation de faire quelque chose")),
    ]


def _words(anonymous_allowed: bool) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Label, hint and attributes of each field."""
    documents = ",".join(f".{kind}" for kind in rules.WEB_FILES)
    return {
        "website": (_("Laissez ce champ vide"), "", {"tabindex": "-1", "autocomplete": "off"}),
        "kind": (_("Que faites-vous ?"), "", {}),
        "no_place": (_("Sans lieu précis"), "", {}),
        "description": (
            _("Que se passe-t-il ?"),
            _("Depuis quand, à quel moment, ce qui peut être dangereux."),
            {"data-needed": _("Décrivez ce qui se passe.")},
        ),
        "photos": (
            _("Photos"),
            _("Une vue d’ensemble et un détail aident le mieux. Le lieu de prise de vue en est effacé."),
            {"accept": "image/jpeg,image/png,image/webp"},
        ),
        "documents": (
            _("Autres fichiers"),
            _("Images, textes et tableaux (%(kinds)s), 10 Mo chacun.") % {"kinds": ", ".join(DOCUMENTS)},
            {"accept": documents},
        ),
        "public": (
            _("Rendre cette demande publique"),
            _("Vos voisins voient la catégorie, le lieu et les réponses. Jamais vos mots, votre nom ni vos photos."),
            {},
        ),
        "anonymous": (
            _("Rester anonyme"),
            _("La mairie ne saura pas qui vous êtes et ne pourra pas vous répondre.")
            if anonymous_allowed
            else _("Cette commune n’accepte pas les demandes anonymes. Vos coordonnées restent à la mairie."),
            {},
        ),
        "first_name": (_("Prénom"), "", {"autocomplete": "given-name"}),
        "last_name": (_("Nom"), "", {"autocomplete": "family-name"}),
        "email": (_("Courriel"), "", {"autocomplete": "email"}),
        "phone": (_("Téléphone"), "", {"autocomplete": "tel"}),
        "wants_follow_ups": (_("Recevoir les suivis par courriel"), _("À chaque réponse de la mairie."), {}),
    }  # fmt: skip

"""Fields of the form that Django has not, and the questions of a category as fields (S80)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.files.rules import check_size, clean_name, kind_of
from hub.tickets.models import Answering, Question


class _Several(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of these extensions, each checked by its name and size; what is in them is looked at later."""

    widget = _Several

    def __init__(self, *, extensions: Sequence[str], **options: Any) -> None:
        super().__init__(required=False, **options)
        self.extensions = frozenset(extensions)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The files. Raises a `ValidationError` that names the one which is wrong."""
        files = [one for one in (data if isinstance(data, list) else [data]) if one]
        for one in files:
            name = clean_name(one.name or "")
            try:
                kind_of(name, self.extensions)
                check_size(one.size or 0)
            except Invalid as error:
                said = {"name": name, "reason": str(error)}
                raise forms.ValidationError(_("« %(name)s » : %(reason)s") % said) from None
        return files


def field_name(question: Question) -> str:
    return f"question_{question.pk}"


def question_field(question: Question) -> forms.Field:
    """A question to answer. Who needn't answer may say that they don't know."""
    needed = _("Répondez à cette question.")
    if question.answering == Answering.TEXT:
        return forms.CharField(
            label=question.label, required=question.required, max_length=500, error_messages={"required": needed},
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-needed": needed if question.required else ""}),
        )  # fmt: skip
    yes_no = [("oui", _("Oui")), ("non", _("Non"))]
    options = yes_no if question.answering == Answering.YES_NO else list(question.options)
    if not question.required:
        options = [*options, ("", _("Je ne sais pas"))]
    return forms.ChoiceField(
        label=question.label, required=question.required, choices=options, initial=None if question.required else "",
        error_messages={"required": needed},
        widget=forms.RadioSelect(attrs={"data-needed": needed} if question.required else None),
    )  # fmt: skip

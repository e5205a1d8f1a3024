"""Forms in our own markup: `{{ form }}`, `{{ form.name.as_field_group }}` (templates/forms/)."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.choices import flatten_choices


class Field(BoundField):
    """A field that knows our classes, and by which kind of markup its widget is shown."""

    @property
    def kind(self) -> str:
        """ "text", "textarea", "select", "check" (one box), "choices" (several), "password" or "other"."""
        widget = self.field.widget
        for kind, widgets in _KINDS.items():
            if isinstance(widget, widgets):
                return kind
        return "other"

    @property
    def optional(self) -> bool:
        """Whether it may be left empty: a list that has no empty choice says something in any case."""
        if self.field.required:
            return False
        choices: list[tuple[Any, Any]] = list(flatten_choices(getattr(self.field, "choices", ())))
        return self.kind != "select" or any(value in {"", None} for value, _said in choices)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if ours := _CLASSES.get(self.kind):
            built["class"] = " ".join(filter(None, (ours, shown.attrs.get("class", ""))))
        return built


_KINDS: dict[str, tuple[type[forms.Widget], ...]] = {
    "choices": (forms.RadioSelect, forms.CheckboxSelectMultiple),
    "check": (forms.CheckboxInput,),
    "select": (forms.Select,),
    "textarea": (forms.Textarea,),
    "password": (forms.PasswordInput,),
    "text": (forms.widgets.Input, forms.DateInput),
}
_CLASSES = {"text": "input", "password": "input", "textarea": "textarea", "select": "select"}


class Renderer(DjangoTemplates):
    """Renders every form of the site; templates/forms/ holds its markup."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field

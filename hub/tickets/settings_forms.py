"""What is filled in about a town's rules for tickets, its calendar, its words and its canned replies."""

from typing import Any

from babel.dates import get_day_names
from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext_lazy as _

from hub.core.errors import Invalid
from hub.tickets.calendar import USUAL_WEEK, WEEK, regions_of
from hub.tickets.canned import FIELDS, check_fields
from hub.tickets.mail_texts import MAX_TEXT
from hub.tickets.models import CannedReply, DeskSettings
from hub.towns.models import Service, Town

MAX_DELAY_DAYS = 366
_DATE = {"type": "date", "autocomplete": "off"}
_REGION_NAMES = {
    "57": _("Moselle"),
    "67": _("Bas-Rhin"),
    "68": _("Haut-Rhin"),
    "971": _("Guadeloupe"),
    "972": _("Martinique"),
    "973": _("Guyane"),
    "974": _("La Réunion"),
    "976": _("Mayotte"),
}


def week_days() -> list[tuple[int, str]]:
    """« Lundi » and so on in the reader's language, 0 first."""
    names = get_day_names("wide", locale=get_language())
    return [(day, names[day].capitalize()) for day in WEEK]


class CalendarForm(forms.Form):
    """The working week, whose holidays, and the delays counted with them."""

    work_days = forms.TypedMultipleChoiceField(
        label=_("Jours ouvrables"), coerce=int, choices=week_days, widget=forms.CheckboxSelectMultiple
    )
    holiday_region = forms.ChoiceField(
        label=_("Jours fériés propres"),
        required=False,
        help_text=_("Quelques départements en ont d’autres que le reste du pays."),
    )
    default_delay_days = forms.IntegerField(
        label=_("Délai par défaut, en jours ouvrables"),
        min_value=0,
        max_value=MAX_DELAY_DAYS,
        help_text=_("Pour les catégories qui n’en donnent aucun."),
    )
    reminder_days = forms.IntegerField(
        label=_("Rappel au service, en jours avant l’échéance"), min_value=0, max_value=MAX_DELAY_DAYS
    )
    reopen_days = forms.IntegerField(
        label=_("Jours pour rouvrir une demande fermée"),
        min_value=0,
        max_value=MAX_DELAY_DAYS,
        help_text=_("Pendant ce temps, le demandeur dit si c’est réglé."),
    )

    def __init__(self, data: QueryDict | None, *, town: Town, settings: DeskSettings) -> None:
        names = ("holiday_region", "default_delay_days", "reminder_days", "reopen_days")
        initial = {name: getattr(settings, name) for name in names}
        super().__init__(data, initial={**initial, "work_days": settings.work_days or list(USUAL_WEEK)})
        region = self.fields["holiday_region"]
        assert isinstance(region, forms.ChoiceField)
        regions = regions_of(town.country)
        region.choices = [
            ("", _("Aucun : ceux du pays")), *((code, f"{_REGION_NAMES[code]} ({code})") for code in regions),
        ]  # fmt: skip
        if not regions:  # Québec has its own, always
            region.widget = forms.HiddenInput()


class ClosingForm(forms.Form):
    """Days on which the town is closed besides its holidays: one, or from one to another."""

    first = forms.DateField(label=_("Premier jour"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Dernier jour, inclus"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """Without a last day it is one day."""
        cleaned: dict[str, Any] = super().clean() or {}
        return {**cleaned, "last": cleaned.get("last") or cleaned.get("first")}


class PoliciesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who may ask how, and who answers for it."""

    code = forms.CharField(label=_("Lettres des numéros"), min_length=2, max_length=4)

    class Meta:
        model = DeskSettings
        fields = ("anonymous_allowed", "operator_first", "public_list", "accountable", "code")
        labels = {
            "anonymous_allowed": _("Accepter les demandes anonymes"),
            "operator_first": _("Les demandes passent d’abord par le centre d’appels"),
            "public_list": _("Montrer la liste et la carte des demandes publiques"),
            "accountable": _("Personne responsable"),
        }
        help_texts = {
            "anonymous_allowed": _("Ni la commune ni le centre d’appels ne savent qui écrit, et personne n’est suivi."),
            "operator_first": _("Le centre d’appels les lit, puis les transmet au service."),
            "public_list": _("Sinon, une demande publique n’est vue que de qui en a le lien."),
        }

    def __init__(self, *args: Any, mayor_name: str, code_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accountable"].widget.attrs["placeholder"] = mayor_name
        self.fields["accountable"].help_text = gettext_lazy(
            "Elle est nommée dans l’accusé de réception. Vide : le nom du maire ou de la maire."
        )
        self.fields["code"].disabled = code_kept
        self.fields["code"].help_text = (
            gettext_lazy("Des requêtes portent déjà ces lettres : elles ne changent plus.")
            if code_kept
            else gettext_lazy("De deux à quatre lettres, à vous seuls, avec lesquelles vos numéros commencent.")
        )

    def clean_code(self) -> str:
        """Whether another town has them is asked when they are kept."""
        return str(self.cleaned_data["code"]).strip().upper()

    def validate_unique(self) -> None:
        """As `clean_code`."""


class MailTextForm(forms.Form):
    """The town's own words in one mail: `text_fr`, `text_en`."""

    def __init__(self, *args: Any, town: Town, texts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"fr": gettext_lazy("Votre texte en français"), "en": gettext_lazy("Votre texte en anglais")}
        for language in town.languages:
            self.fields[f"text_{language}"] = forms.CharField(
                label=labels[language],
                required=False,
                max_length=MAX_TEXT,
                initial=texts.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 5, "lang": language}),
            )

    @property
    def texts(self) -> dict[str, str]:
        """By language; those that are kept while nothing else was typed, or something is wrong."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else self.initial_texts
        return {name.removeprefix("text_"): text for name, text in said.items()}

    @property
    def initial_texts(self) -> dict[str, str]:
        return {name: str(field.initial or "") for name, field in self.fields.items()}


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A canned reply; its fields stand in braces."""

    class Meta:
        model = CannedReply
        fields = ("title", "service", "body", "body_en")
        widgets = {
            "body": forms.Textarea(attrs={"rows": 7}),
            "body_en": forms.Textarea(attrs={"rows": 7, "lang": "en"}),
        }
        help_texts = {"service": _("Vide : pour tous les services.")}

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.fields["service"]
        assert isinstance(service, forms.ModelChoiceField)
        service.queryset = Service.objects.filter(town=town)
        service.empty_label = _("Tous")
        if "en" not in town.languages:
            del self.fields["body_en"]

    def clean(self) -> dict[str, Any]:
        """Fields that nobody knows are refused where they stand."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("body", "body_en"):
            try:
                check_fields(cleaned.get(name) or "", field=name)
            except Invalid as error:
                self.add_error(name, str(error))
        return cleaned


def known_fields() -> list[tuple[str, Any]]:
    """« {prenom} » and what it stands for, for the page."""
    return [(f"{{{name}}}", what) for name, what in FIELDS.items()]

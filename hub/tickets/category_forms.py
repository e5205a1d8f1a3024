"""What is filled in about categories and their questions; the actions say what is wrong with it as a whole."""

from typing import Any

from django import forms
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext_lazy as _

from hub.core.errors import Invalid
from hub.tickets.icons import ICONS
from hub.tickets.models import Answering, Category, Question
from hub.tickets.starter import STARTER
from hub.tickets.taxonomy import possible_parents, read_choices, write_choices
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town

MAX_DELAY_DAYS = 366


class _PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Under which category: each by its whole way."""

    tree: Tree

    def label_from_instance(self, obj: Any) -> str:
        return self.tree.path_name(obj)


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """One category. English is asked for where the town speaks it."""

    parent = _PlaceField(
        label=_("Placée sous"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("Rien : au premier niveau"),
        help_text=_("Trois niveaux au plus."),
    )
    service = forms.ModelChoiceField(
        label=_("Service qui s’en occupe"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("Celui de la catégorie au-dessus"),
    )
    icon = forms.ChoiceField(
        label=_("Image"), choices=[("", _("Celle d’au-dessus")), *ICONS.items()], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    delay_days = forms.IntegerField(
        label=_("Délai, en jours ouvrables"),
        required=False,
        min_value=0,
        max_value=MAX_DELAY_DAYS,
        help_text=_("Le plus long délai du chemin compte ; sans aucun, celui de la commune."),
    )

    class Meta:
        model = Category
        fields = (
            "name", "name_en", "parent", "icon", "service", "delay_days", "public_allowed", "for_citizens", "active",
        )  # fmt: skip
        labels = {
            "name": _("Nom"),
            "name_en": _("Nom en anglais"),
            "public_allowed": _("Une demande peut y être publique"),
            "for_citizens": _("Les habitants peuvent la choisir"),
            "active": _("En usage"),
        }
        help_texts = {
            "public_allowed": _("Ce qui intéresse tout le monde : l’identité du demandeur n’est jamais montrée."),
            "for_citizens": _("Sinon, seule l’équipe municipale y fait des requêtes."),
            "active": _("Hors d’usage, ses requêtes restent ; plus personne n’en fait de nouvelles, ni en dessous."),
        }

    def __init__(self, *args: Any, town: Town, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        parent, service = self.fields["parent"], self.fields["service"]
        assert isinstance(parent, _PlaceField)
        assert isinstance(service, forms.ModelChoiceField)
        parent.tree = tree
        possible = [one.pk for one in possible_parents(tree, known)]
        # As they stand in the tree.
        ranks = Case(*(When(pk=pk, then=rank) for rank, pk in enumerate(possible)), output_field=IntegerField())
        parent.queryset = Category.objects.filter(town=town, pk__in=possible).order_by(ranks)
        service.queryset = town.services.all()
        if "en" not in town.languages:
            del self.fields["name_en"]


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One question (S80)."""

    choices = forms.CharField(
        label=_("Choix"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=6_000,
        help_text=_("Pour un choix : un par ligne, avec l’anglais après une barre, comme « Rue | Street »."),
    )

    class Meta:
        model = Question
        fields = ("text", "text_en", "answering", "choices", "required", "active")
        widgets = {"answering": forms.RadioSelect}
        labels = {
            "text": _("Question"),
            "text_en": _("Question en anglais"),
            "answering": _("On y répond par"),
            "required": _("Il faut y répondre"),
            "active": _("En usage"),
        }
        help_texts = {"active": _("Hors d’usage, elle n’est plus posée ; les réponses déjà données restent.")}

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = write_choices(self.instance.choices)
        if "en" not in town.languages:
            del self.fields["text_en"]
            self.fields["choices"].help_text = _("Pour un choix : un par ligne.")

    def clean(self) -> dict[str, Any]:
        """`choices` becomes what is kept of them; of other answers than a choice, nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        typed, cleaned["choices"] = cleaned.get("choices") or "", []
        if cleaned.get("answering") == Answering.CHOICE and "choices" not in self.errors:
            try:
                cleaned["choices"] = read_choices(typed)
            except Invalid as error:
                self.add_error("choices", str(error))
        return cleaned


class StarterForm(forms.Form):
    """Who answers for each branch of the usual categories."""

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for branch in STARTER:
            self.fields[branch.key] = forms.ModelChoiceField(
                label=branch.label,
                queryset=town.services.all(),
                required=False,
                empty_label=_("Aucun pour l’instant"),
                help_text=", ".join(leaf.label_in(town) for leaf in branch.leaves) + ".",
            )

    @property
    def services(self) -> dict[str, Service]:
        """Those that were chosen, by the branch's key."""
        return {key: service for key, service in self.cleaned_data.items() if service is not None}

"""What is written of somebody in the register."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.alerts.registering import LONGEST, Written


class RegisterForm(forms.Form):
    """All three may stay empty: to be there is what counts."""

    why = forms.CharField(
        label=_("Situation"), required=False, max_length=LONGEST["why"],
        help_text=_("Par exemple : vit seule, ne descend pas l’escalier, respirateur."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Personne à prévenir"), required=False, max_length=LONGEST["contact"],
        help_text=_("Son nom, son lien et son téléphone."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Remarque pour les secours"), required=False, max_length=LONGEST["note"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, known: object | None = None) -> None:
        """`known`: an entry or a request that is shown."""
        initial = {name: getattr(known, name) for name in LONGEST} if known is not None else {}
        super().__init__(data, initial=initial)

    @property
    def written(self) -> Written:
        """As it was typed."""
        return Written(**self.cleaned_data)

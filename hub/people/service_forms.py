"""Who works in a department."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.people.actions.roles import WITH_SERVICES
from hub.people.models import Person
from hub.towns.models import Service, Town


class _PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ServiceMembersForm(forms.Form):
    """Its members, among the agents and managers of the town."""

    members = _PeopleField(
        label=_("Membres"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ceux qui voient ce qui est confié à ce service. Les autres s’invitent dans l’équipe."),
    )

    def __init__(self, data: QueryDict | None, *, town: Town, service: Service | None = None) -> None:
        known = list(service.members.values_list("person_id", flat=True)) if service else []
        super().__init__(data, initial={"members": known})
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = Person.objects.filter(
            memberships__town=town, memberships__role__in=WITH_SERVICES, is_active=True
        ).distinct()

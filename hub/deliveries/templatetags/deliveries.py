"""What pages of others show of what leaves: rooms below this one can't ask it."""

from typing import Any

from django import template

from hub.deliveries import queries
from hub.people.models import Person
from hub.towns.models import Town

register = template.Library()


@register.inclusion_tag("deliveries/includes/sms_stopped.html")
def sms_stopped(person: Person, town: Town | None = None, own: bool = True) -> dict[str, Any]:
    """That they answered STOP, and when: to themselves (`own`), or to the town's desk."""
    numbers = [phone.number for phone in person.phones.all()]
    return {"stopped": queries.sms_stopped(numbers) if numbers else {}, "town": town, "own": own}

"""Sentences that agree with the mayor (le maire, la maire), and names of things that are stored as codes."""

from django import template
from django.utils.translation import gettext as _

from hub.towns import words
from hub.towns.models import Grammar, Town

register = template.Library()


@register.filter
def write_to_mayor(town: Town) -> str:
    """« Écrire à la maire »."""
    return _("Écrire à la maire") if _feminine(town) else _("Écrire au maire")


@register.filter
def private_talk(town: Town) -> str:
    """What writing to the mayor is."""
    if _feminine(town):
        return _("Une conversation privée, entre elle et vous.")
    return _("Une conversation privée, entre lui et vous.")


@register.filter
def only_reader(town: Town) -> str:
    """What happens with a first message."""
    if _feminine(town):
        return _("Posez une question à votre maire. Elle seule la lira, et vous retrouverez sa réponse ici.")
    return _("Posez une question à votre maire. Lui seul la lira, et vous retrouverez sa réponse ici.")


@register.filter
def meet_mayor(town: Town) -> str:
    """« Rencontrer la maire »."""
    return _("Rencontrer la maire") if _feminine(town) else _("Rencontrer le maire")


@register.filter
def habit_of(town: Town, habit: str) -> str:
    """« Elle répond le plus souvent dans la journée. » `habit`: of `hub.conversations.rules.habit`; "" says nothing."""
    she = {
        "hour": _("Elle répond le plus souvent dans l’heure."),
        "day": _("Elle répond le plus souvent dans la journée."),
        "three_days": _("Elle répond le plus souvent en moins de trois jours."),
        "week": _("Elle répond le plus souvent dans la semaine."),
    }
    he = {
        "hour": _("Il répond le plus souvent dans l’heure."),
        "day": _("Il répond le plus souvent dans la journée."),
        "three_days": _("Il répond le plus souvent en moins de trois jours."),
        "week": _("Il répond le plus souvent dans la semaine."),
    }
    return (she if _feminine(town) else he).get(habit, "")


@register.filter
def reading_hours(town: Town) -> str:
    """« Elle lit ses messages du lundi au vendredi, de 9 h à 18 h. »; "" without hours."""
    return words.reading_hours(town)


@register.filter
def away(town: Town) -> str:
    """« Elle est absente jusqu’au jeudi 3 décembre inclus. »; "" unless she is."""
    return words.away(town)


@register.filter
def means(channel: str) -> str:
    """« Courriel »: what a means of contact (of `channels_adapters.base`) is called."""
    return {
        "email": _("Courriel"), "sms": _("SMS"), "voice": _("Appel"), "push": _("Notification sur un appareil"),
    }.get(channel, channel)  # fmt: skip


def _feminine(town: Town) -> bool:
    return town.mayor_grammar == Grammar.FEMININE

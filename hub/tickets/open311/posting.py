"""« POST Service Request »: what an app sent, as a draft. The rules are those of every ticket (`create_ticket`)."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _

from hub.tickets.drafts import Contact, Draft, Place
from hub.tickets.models import Category, Source
from hub.tickets.open311.asking import service_of
from hub.tickets.open311.replies import Refused
from hub.tickets.queries import desk_settings
from hub.tickets.tree import Tree
from hub.towns.models import Town

MAX_DESCRIPTION = 4_000  # says the specification
_ATTRIBUTE = re.compile(r"attribute\[([^\]]*)\](?:\[\d*\])?")
_is_url = URLValidator(schemes=["http", "https"])


def draft_of(town: Town, sent: QueryDict) -> Draft:
    """Public where its category may be. Without name, address and phone it is anonymous, where the town takes such."""
    tree = Tree(town)
    category = service_of(tree, sent.get("service_code", ""))
    contact = Contact(*(sent.get(name, "") for name in ("first_name", "last_name", "email", "phone")))
    anonymous = not any(part.strip() for part in (contact.first_name, contact.last_name, contact.email, contact.phone))
    if anonymous and not desk_settings(town).anonymous_allowed:
        raise Refused(
            400,
            _(
                "Cette commune n’accepte pas les demandes anonymes : donnez un nom (first_name, last_name), et un "
                "courriel (email) ou un téléphone (phone)."
            ),
        )
    return Draft(
        category_id=category.pk, description=_description(sent, tree, category), source=Source.API, place=_place(sent),
        answers=_answers(sent), public=category.public_allowed, anonymous=anonymous,
        wants_follow_ups=bool(contact.email.strip()), contact=None if anonymous else contact,
    )  # fmt: skip


def _description(sent: QueryDict, tree: Tree, category: Category) -> str:
    """The specification leaves it to the app whether there is one: then the category says what it is."""
    text = sent.get("description", "").strip()
    if len(text) > MAX_DESCRIPTION:
        raise Refused(400, _("description : %(max)d caractères au plus.") % {"max": MAX_DESCRIPTION})
    text = text or tree.path_name(category)
    media = sent.get("media_url", "").strip()
    if not media:
        return text
    try:
        _is_url(media)
    except ValidationError:
        raise Refused(400, _("media_url n’est pas une adresse du web.")) from None
    # A link for people, never fetched by us: it may point anywhere.
    return f"{text}\n\n" + _("Photo ou document : %(link)s") % {"link": media}


def _place(sent: QueryDict) -> Place:
    """An address, a point, or both."""
    lat, lon = (_degrees(sent, name) for name in ("lat", "long"))
    address = sent.get("address_string", "")
    if (lat is None) != (lon is None):
        raise Refused(400, _("Donnez lat et long ensemble."))
    if lat is None and not address.strip():
        if sent.get("address_id", "").strip():
            raise Refused(400, _("address_id n’est pas connu ici : donnez lat et long, ou address_string."))
        raise Refused(400, _("Le lieu n’a pas été donné : lat et long, ou address_string."))
    return Place(address, lat, lon)


def _degrees(sent: QueryDict, name: str) -> float | None:
    text = sent.get(name, "").strip()
    try:
        return float(text) if text else None
    except ValueError:
        raise Refused(400, _("%(name)s : écrivez des degrés, comme 46.8139.") % {"name": name}) from None


def _answers(sent: QueryDict) -> Mapping[int, str]:
    """`attribute[CODE]=value`."""
    answers = {}
    for name in sent:
        found, given = _ATTRIBUTE.fullmatch(name), sent.get(name, "")
        if found is None or not given.strip():
            continue
        code = found[1]
        if not (code.isascii() and code.isdigit() and len(code) < 18):
            raise Refused(400, _("attribute[%(code)s] : ce service ne le demande pas.") % {"code": code})
        answers[int(code)] = given
    return answers

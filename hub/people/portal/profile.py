"""« Mon compte »: who I am, my photo, how to reach me."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import public, signed_in
from hub.core.errors import Invalid
from hub.people.actions import (
    add_phone,
    choose_drawing,
    raise_phone,
    remove_phone,
    remove_photo,
    set_address,
    set_photo,
    update_profile,
)
from hub.people.asked import obey
from hub.people.forms import AddressForm, DrawingForm, PhoneForm, PhotoForm, ProfileForm
from hub.people.lacking import asked_of, lacks
from hub.people.models import Person
from hub.people.portraits import PORTRAITS
from hub.people.queries import access_photo, country_of, towns_of
from hub.people.visitor import posted, signed_in_person
from hub.towns.citizen_fields import Ask

# The address changes with the photo, so a browser may keep it; no shared cache may.
_PHOTO_CACHE = "private, max-age=86400"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name, birth date, language (S12, S14)."""
    person = signed_in_person(request)
    form = _profile_form(person, posted(request))
    if form.is_valid():
        update_profile(person=person, fields=form.cleaned_data)
        messages.success(request, _("Votre profil est à jour."))
        return redirect("account")
    return _profile_page(request, form, PhotoForm())


def _profile_form(person: Person, data: QueryDict | None = None) -> ProfileForm:
    form = ProfileForm(data, instance=person)
    obey(form, asked_of(person))
    return form


def _profile_page(request: HttpRequest, form: ProfileForm, photo_form: PhotoForm) -> HttpResponse:
    person = Person.objects.get(pk=signed_in_person(request).pk)  # not what a refused form left on it
    context = {
        "form": form,
        "photo_form": photo_form,
        "person": person,
        "portraits": [Person(drawing=name) for name in PORTRAITS],
        "towns": towns_of(person),
        "lacks": lacks(person),
    }
    return render(request, "people/account/profile.html", context)


@require_POST
@signed_in
def photo(request: HttpRequest) -> HttpResponse:
    """Send a photo, or take it away (`remove`)."""
    person = signed_in_person(request)
    if "remove" in request.POST:
        remove_photo(person=person)
        messages.success(request, _("Votre photo est retirée."))
        return redirect("account")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            set_photo(person=person, data=_bytes_of(form.cleaned_data["photo"]))
        except Invalid as error:
            form.add_error("photo", str(error))
        else:
            messages.success(request, _("Votre photo est changée."))
            return redirect("account")
    return _profile_page(request, _profile_form(person), form)


def _bytes_of(sent: Any) -> bytes:
    return b"".join(sent.chunks())


@require_POST
@signed_in
def drawing(request: HttpRequest) -> HttpResponse:
    """Choose a drawn portrait, or one's initials."""
    form = DrawingForm(request.POST)
    if form.is_valid():
        choose_drawing(person=signed_in_person(request), drawing=form.cleaned_data["drawing"])
        messages.success(request, _("Votre portrait est changé."))
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def contact(request: HttpRequest) -> HttpResponse:
    """Phones in order (S9) and the postal address (S14)."""
    person = signed_in_person(request)
    form = _address_form(person, posted(request))
    if form.is_valid():
        set_address(person=person, fields=form.cleaned_data)
        messages.success(request, _("Votre adresse est à jour."))
        return redirect("account_contact")
    return _contact_page(request, form, PhoneForm())


def _address_form(person: Person, data: QueryDict | None = None) -> AddressForm:
    form = AddressForm(data, instance=getattr(person, "address", None))
    obey(form, asked_of(person))
    return form


def _contact_page(request: HttpRequest, form: AddressForm, phone_form: PhoneForm) -> HttpResponse:
    person = signed_in_person(request)
    asked = asked_of(person)["phone"]
    context = {
        "form": form,
        "phone_form": phone_form,
        "phones": person.phones.all(),
        "phones_asked": asked != Ask.HIDDEN,
        "phone_needed": asked == Ask.REQUIRED,
    }
    return render(request, "people/account/contact.html", context)


@require_POST
@signed_in
def phone_add(request: HttpRequest) -> HttpResponse:
    """One more number; a national one is of my town's country."""
    person = signed_in_person(request)
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            add_phone(person=person, number=form.cleaned_data["number"], country=country_of(person))
        except Invalid as error:
            form.add_error("number", str(error))
        else:
            messages.success(request, _("Le numéro est ajouté."))
            return redirect("account_contact")
    return _contact_page(request, _address_form(person), form)


@require_POST
@signed_in
def phone_up(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Move a number up; the first is the one that alerts use."""
    raise_phone(person=signed_in_person(request), phone_id=phone_id)
    messages.success(request, _("L’ordre de vos numéros est changé."))
    return redirect("account_contact")


@require_POST
@signed_in
def phone_remove(request: HttpRequest, phone_id: int) -> HttpResponse:
    """Take a number away."""
    remove_phone(person=signed_in_person(request), phone_id=phone_id)
    messages.success(request, _("Le numéro est retiré."))
    return redirect("account_contact")


@require_safe
@public
def person_photo(request: HttpRequest, person_id: int) -> HttpResponse:
    """Someone's photo, for those who may see it: `access_photo` decides."""
    viewer = request.user if isinstance(request.user, Person) else None
    shown = access_photo(viewer, person_id).photo
    with shown.open("rb") as file:
        data = file.read()
    kind = {"png": "image/png", "webp": "image/webp"}.get(str(shown.name).rpartition(".")[2], "image/jpeg")
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": _PHOTO_CACHE})

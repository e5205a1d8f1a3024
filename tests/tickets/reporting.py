"""« Signaler un problème » for tests: a category with questions, and a form filled in."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hub.core.ids import new_key
from hub.tickets.models import Answering, Category, Question
from hub.towns.models import Town
from tests.files.samples import picture
from tests.tickets.making import make_category, make_service


def make_lamps(town: Town, **fields: Any) -> tuple[Category, Question]:
    """« Éclairage », with one question that must be answered."""
    service = make_service(town, phone="+33199000110")
    category = make_category(town, service=service, **fields)
    choices = [{"fr": "Éteint", "en": "Off"}, {"fr": "Clignote", "en": "Flickers"}]
    question = Question.objects.create(
        category=category, text="Que fait-il ?", answering=Answering.CHOICE, choices=choices, required=True
    )
    return category, question


def filled(question: Question | None = None, **fields: Any) -> dict[str, Any]:
    """All that a stranger must say, under a new key. `fields` replace these; None leaves one out."""
    answers = {f"question_{question.pk}": "Éteint"} if question else {}
    said: dict[str, Any] = {
        "key": new_key(), "website": "", "kind": "request", "address": "12, rue du Four", "lat": "", "lon": "",
        "description": "Le lampadaire est éteint depuis lundi.", "first_name": "Ève", "last_name": "Roy",
        "email": "eve@citoyen.example", "phone": "", "wants_follow_ups": "on", **answers, **fields,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def form_url(category: Category, *, framed: bool = False) -> str:
    return reverse("report_form_framed" if framed else "report_form", args=[category.town.slug, category.pk])


def send(client: Client, category: Category, said: dict[str, Any], **options: Any) -> Any:
    return client.post(form_url(category), said, **options)


def photo(name: str = "photo.jpg", **options: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**options), "image/jpeg")

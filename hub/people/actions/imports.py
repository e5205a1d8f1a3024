"""A file of citizens: verified, then imported as it was verified (S7)."""

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from tablib import Dataset

from hub.audit.actions import note
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid
from hub.core.limits import CITIZEN_IMPORTS, hit
from hub.people.actions.written import register_people, update_people
from hub.people.exchange import more
from hub.people.exchange.columns import COLUMNS, Heads, understood
from hub.people.exchange.planning import NEW, REFUSED, UPDATE, Plan
from hub.people.exchange.reading import Sheet, read
from hub.people.exchange.report import counts_of, rows_of
from hub.people.exchange.resource import CitizenResource, dataset_of
from hub.people.models import CitizenImport, Person
from hub.people.queries import IMPORT_LIFE, access_import, check_exchanges
from hub.towns.models import Town

log = structlog.get_logger(__name__)


class _Stale(Exception):
    """What the import would do is no longer what its verification said."""


class _Writer(CitizenResource):
    """The same plans, written."""

    def create(self, plans: list[Plan]) -> None:
        people = register_people(self.town, plans)
        more.write(self.town, [(person, plan.after) for person, plan in zip(people, plans, strict=True)])

    def update(self, plans: list[Plan]) -> None:
        update_people(self.town, plans)
        more.write(self.town, [(plan.known.person, plan.after) for plan in plans if plan.known])


def verify_import(*, actor: Person, town: Town, name: str, data: bytes) -> CitizenImport:
    """Keep a file, with what importing it would do, row by row; nothing of it is done yet.

    For `actor` only, and for `queries.IMPORT_LIFE`. Takes the place of a file of theirs that still waits.
    Raises `Forbidden`, `Invalid` (no table, unknown columns), `RateLimited`.
    """
    check_exchanges(actor, town)
    hit(CITIZEN_IMPORTS, actor.pk)
    sheet, heads = _understand(data)
    planned = _planned(town, sheet, heads)
    with transaction.atomic():
        CitizenImport.objects.filter(person=actor, town=town, done_at=None).delete()
        return CitizenImport.objects.create(
            town=town, person=actor, name=name[:120], kind=sheet.kind, data=data, headers=list(sheet.headers),
            ignored=list(heads.unknown), made_at=now(), **_verdict(planned, sheet),
        )  # fmt: skip


def confirm_import(*, actor: Person, town: Town, import_id: int) -> CitizenImport:
    """Do what the verification said: all of it, or nothing.

    Nobody is signed in nor written to. Raises as `queries.access_import`; `Conflict` when it is done already, or when
    something has changed since: then the import holds a new verification.
    """
    held = access_import(actor, town, import_id)
    sheet, heads = _understand(bytes(held.data)) if not held.done_at else (None, None)
    if sheet is None or heads is None:
        raise Conflict(_("Cette importation est déjà faite."))
    try:
        return _carry_out(actor, town, held.pk, sheet, heads)
    except (_Stale, IntegrityError) as error:
        log.info("people.import_stale", town=town.slug, import_id=held.pk, why=type(error).__name__)
        CitizenImport.objects.filter(pk=held.pk, done_at=None).update(
            **_verdict(_planned(town, sheet, heads), sheet), made_at=now()
        )
        raise Conflict(
            _("Des fiches ont changé depuis la vérification. En voici une nouvelle : relisez-la, puis confirmez.")
        ) from error


def _carry_out(actor: Person, town: Town, import_id: int, sheet: Sheet, heads: Heads) -> CitizenImport:
    writer, dataset = _resource(_Writer, town, sheet, heads)
    writer.prepare(dataset)  # the long part, before anybody has to wait
    with transaction.atomic():
        Town.objects.select_for_update(no_key=True).get(pk=town.pk)  # one import of a town at a time
        held = CitizenImport.objects.select_for_update().defer("data").filter(pk=import_id).first()
        if held is None or held.done_at:
            raise Conflict(_("Cette importation est déjà faite."))
        writer.run(dataset, dry=False)
        if writer.digest() != held.plan:
            raise _Stale
        held.done_at, held.data = now(), b""
        held.report = [row for row in held.report if row["kind"] == REFUSED]
        held.save(update_fields=["done_at", "data", "report"])
        counts = {kind: str(held.counts[kind]) for kind in (NEW, UPDATE, REFUSED)}
        note(town_id=town.pk, actor=actor, act="citizens.import", subject=f"import.{held.pk}", what=counts)
    return held


def drop_import(*, actor: Person, town: Town, import_id: int) -> None:
    """Forget a file that was sent, and what was said of it. Raises as `queries.access_import`."""
    access_import(actor, town, import_id).delete()


def forget_imports() -> int:
    """Delete the files that have waited too long; how many there were. Safe to repeat."""
    count, _by_model = CitizenImport.objects.filter(made_at__lt=now() - IMPORT_LIFE).delete()
    return count


def _understand(data: bytes) -> tuple[Sheet, Heads]:
    """The file's table and its columns. Raises `Invalid`."""
    sheet = read(data)
    heads = understood(sheet.headers)
    if heads.twice:
        raise Invalid(
            _("Plusieurs colonnes disent la même chose : %(headers)s. Gardez-en une.")
            % {"headers": ", ".join(f"« {header} »" for header in heads.twice)},
            field="file",
        )
    if not heads.names_people:
        raise Invalid(
            _(
                "La première ligne de ce fichier ne nomme pas ses colonnes comme il faut. Il y faut « Prénom » et "
                "« Nom », ou « Courriel ». Titres connus : %(headers)s."
            )
            % {"headers": ", ".join(names.french for names in COLUMNS.values())},
            field="file",
        )
    return sheet, heads


def _resource(kind: type[CitizenResource], town: Town, sheet: Sheet, heads: Heads) -> tuple[CitizenResource, Dataset]:
    return kind(town, [line.number for line in sheet.lines]), dataset_of(sheet, heads)


def _planned(town: Town, sheet: Sheet, heads: Heads) -> CitizenResource:
    """What would become of each row, at this moment."""
    resource, dataset = _resource(CitizenResource, town, sheet, heads)
    resource.run(dataset, dry=True)
    return resource


def _verdict(planned: CitizenResource, sheet: Sheet) -> dict[str, object]:
    return {
        "report": rows_of(planned.plans, sheet), "counts": counts_of(planned.plans), "plan": planned.digest(),
    }  # fmt: skip

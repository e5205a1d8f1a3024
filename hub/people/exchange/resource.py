"""A file of citizens as django-import-export takes it: fields that clean, rows that are planned, then saved in batches.

A verification runs the same way as the import itself: only what is written at the end of each batch differs.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from tablib import Dataset

from hub.core.jsons import encode
from hub.people.exchange import more
from hub.people.exchange.cells import Clean, cleaners, text_of
from hub.people.exchange.columns import Heads
from hub.people.exchange.known import CHUNK, Register
from hub.people.exchange.planning import REFUSED, SKIP, UPDATE, Entry, Fault, Plan, Planner, as_text
from hub.people.exchange.reading import Sheet
from hub.towns.models import Town

_MAX_SAID = 120


class _Cleaned(widgets.Widget):  # type: ignore[misc]
    """A cell through one of our cleaners; an empty one is nothing."""

    def __init__(self, clean: Clean) -> None:
        super().__init__()
        self._clean = clean

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **_context: Any) -> Any:
        """What is kept. Raises `ValueError` with a sentence."""
        return self._clean(value) if text_of(value) else None


def dataset_of(sheet: Sheet, heads: Heads) -> Dataset:
    """The columns that are read, under our names; short rows are made as long as the others."""
    taken = [(at, name) for at, name in enumerate(heads.fields) if name]
    dataset = Dataset(headers=[name for _at, name in taken])
    for line in sheet.lines:
        dataset.append([line.cells[at] if at < len(line.cells) else None for at, _name in taken])
    return dataset


class CitizenResource(resources.Resource):  # type: ignore[misc]
    """Plans a town's file. `plans`, once it has run: what becomes of each row."""

    class Meta:
        use_bulk = True
        batch_size = CHUNK
        skip_diff = True
        using_db = "default"
        import_id_fields = ()  # whom a row is about is the planner's to say
        instance_loader_class = BaseInstanceLoader

    def __init__(self, town: Town, numbers: Iterable[int]) -> None:
        super().__init__()
        for name, clean in {**cleaners(town.country), **more.cleaners(town)}.items():
            self.fields[name] = fields.Field(attribute=name, column_name=name, widget=_Cleaned(clean))
        self.town = town
        self.plans: list[Plan] = []
        self._numbers = list(numbers)
        self._entries: list[Entry] = []
        self.register = Register(town)
        self._planner = Planner(town, self.register)

    def prepare(self, dataset: Dataset) -> None:
        """Clean every row: work without the database."""
        given = [(name, self.fields[name].clean) for name in dataset.headers or ()]
        self._entries = [_entry(number, row, given) for number, row in zip(self._numbers, dataset.dict, strict=True)]

    def run(self, dataset: Dataset, *, dry: bool) -> Result:
        """Plan all rows and, unless `dry`, save each batch. In a transaction of the caller's unless `dry`."""
        if not self._entries:
            self.prepare(dataset)
        self.register.lock = not dry
        result = self.import_data_inner(
            dataset, dry_run=dry, raise_errors=False, using_transactions=not dry, collect_failed_rows=False
        )
        for fault in (*result.base_errors, *(fault for _row, faults in result.row_errors() for fault in faults)):
            raise fault.error  # ours, not the file's
        return result

    def digest(self) -> str:
        """What the plans come to, in 64 letters: the same plans, the same letters."""
        told = [
            [
                plan.entry.number,
                plan.kind,
                plan.pk,
                [[name, *map(as_text, values)] for name, *values in plan.changes],
            ]
            for plan in self.plans
        ]
        return hashlib.sha256(encode(told)).hexdigest()

    # What the library asks, in its order.

    def before_import(self, dataset: Dataset, **_context: Any) -> None:
        """Learn whom the town knows, for all rows at once."""
        register = self.register
        register.look_up_emails(entry.email for entry in self._entries if entry.email)
        others = [entry for entry in self._entries if entry.email not in register.by_email]
        register.look_up_phones(phone for entry in others for phone in entry.phones)

    def before_import_row(self, row: Mapping[str, Any], row_number: int = 0, **_context: Any) -> None:
        """Say what becomes of the row. Raises `ValidationError` when it is refused."""
        plan = self._planner.plan(self._entries[row_number - 1])
        self.plans.append(plan)
        if plan.kind == REFUSED:
            raise ValidationError([fault.why for fault in plan.faults])

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Plan | None:
        """The row's plan, when it is about somebody known."""
        plan = self.plans[-1]
        return plan if plan.kind in {UPDATE, SKIP} else None

    def init_instance(self, row: Mapping[str, Any] | None = None) -> Plan:
        """The row's plan, when it is about somebody new."""
        return self.plans[-1]

    def import_instance(self, instance: Plan, row: Mapping[str, Any], **_context: Any) -> None:
        """Its cells are clean already."""

    def skip_row(self, instance: Plan, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether nothing changes."""
        return instance.kind == SKIP

    def bulk_create(self, using_transactions: bool, dry_run: bool, *_context: Any, **_more: Any) -> None:
        """Register a batch of people."""
        if not dry_run:
            self.create(self.create_instances)
        self.create_instances.clear()

    def bulk_update(self, using_transactions: bool, dry_run: bool, *_context: Any, **_more: Any) -> None:
        """Change a batch of records."""
        if not dry_run:
            self.update(self.update_instances)
        self.update_instances.clear()

    def create(self, plans: list[Plan]) -> None:
        """Write people who are new. `actions.imports` knows how."""
        raise NotImplementedError

    def update(self, plans: list[Plan]) -> None:
        """Write what changes of known people."""
        raise NotImplementedError


def _entry(number: int, row: Mapping[str, Any], given: list[tuple[str, Any]]) -> Entry:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, clean in given:
        try:
            value = clean(row)
        except ValueError as fault:
            faults.append(Fault(name, text_of(row[name])[:_MAX_SAID], str(fault)))
            continue
        if value not in {None, ""}:
            values[name] = value
    return Entry(number, values, tuple(faults))

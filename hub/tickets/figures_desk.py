"""« Chiffres » (S138): the page, and each of its tables as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from tablib import Dataset

from hub.core.access import staff
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.core.spreadsheets import as_file, written
from hub.people.desk.entry import enter
from hub.tickets import figures, figures_words, periods, queries
from hub.tickets.figures_page import Page, Table
from hub.tickets.periods import Period, Span
from hub.towns.models import Town


def _enter(request: HttpRequest, town_slug: str) -> Town:
    """The town whose figures one may see. Raises `NotFound` as all of the desk, `Forbidden`."""
    _person, town, roles = enter(request, town_slug)
    if not figures.may_see_figures(roles):
        raise Forbidden
    return town


@require_safe
@staff
def figures_page(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The figures of a period (`periode`; of « dates » also `du` and `au`), beside those of the one before."""
    town = _enter(request, town_slug)
    today, error = queries.today_in(town), None
    try:
        period = periods.asked(request.GET.dict(), today)
    except Invalid as refusal:
        error, period = refusal, periods.of_span(Span.MONTH, today)
    context = {
        "town": town,
        "page": Page(town, period) if figures.has_any(town) else None,
        "period": period,
        "spans": [(span, figures_words.span_name(span)) for span in Span if span != Span.DATES],
        "query": urlencode(period.query()),
        "first": request.GET.get("du", "") if error else period.first.isoformat(),
        "last": request.GET.get("au", "") if error else period.last.isoformat(),
        "today": today.isoformat(),
        "error": error,
        "by_dates": period.span == Span.DATES or error is not None,
    }
    return render(request, "tickets/desk/figures.html", context, status=error.status if error else 200)


@require_safe
@staff
def figures_csv(request: HttpRequest, town_slug: str, table: str) -> HttpResponse:
    """One table of the page as CSV."""
    town = _enter(request, town_slug)
    period = periods.asked(request.GET.dict(), queries.today_in(town))
    page = Page(town, period)
    found = page.table(table)
    if found is None:
        raise NotFound
    return as_file(written(_dataset(found), "csv"), _file_name(town, table, period), "csv")


def _file_name(town: Town, table: str, period: Period) -> str:
    return f"chiffres-{town.slug}-{table}-{period.first}-{period.last}"


def _dataset(table: Table) -> Dataset:
    heads = [head for column in table.columns for head in column.heads]
    deep = any(row.depth for row in table.rows)
    dataset = Dataset(headers=[table.head, *([_("Niveau")] if deep else []), *heads])
    for row in table.rows:
        level = [row.depth + 1] if deep else []
        dataset.append([row.name, *level, *(cell for column in table.columns for cell in column.plain(row.line))])
    return dataset

"""The API of a town's alerts: written, submitted, approved by somebody else, watched, stopped."""

from typing import Annotated, Any

from ninja import Query, Router

from hub.alerts import alerting
from hub.alerts.alert_queries import access_alert, alerts_of
from hub.alerts.alert_shapes import AlertOut, NewAlert, ProgressOut, Words
from hub.alerts.audience import counts
from hub.alerts.models import Alert, Status
from hub.alerts.progress import progress_of
from hub.core.errors import Forbidden, NotFound
from hub.core.shapes import Limit, Offset
from hub.people.identity import ApiRequest
from hub.people.queries import needs_second_factor, towns_of
from hub.towns.models import Town
from hub.towns.queries import town_by_slug

router = Router(tags=["alerts"])


@router.get("alerts", response=list[AlertOut], summary="The alerts of my towns")
def list_alerts(
    request: ApiRequest,
    town: Annotated[str | None, Query(description="Of this town only.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[dict[str, Any]]:
    """The latest first, of towns where I decide of alerts."""
    towns = [town_by_slug(town)] if town is not None else _mine(request)
    found = Alert.objects.none()
    for one in towns:
        found = found | alerts_of(request.auth, one)
    return [_described(alert) for alert in found.order_by("-created_at", "-pk")[offset : offset + limit]]


@router.post("alerts", response={201: AlertOut}, summary="Write an alert")
def create(request: ApiRequest, payload: NewAlert) -> tuple[int, dict[str, Any]]:
    """A draft: nothing leaves until it was submitted, and approved by another person."""
    draft = alerting.AlertDraft(
        title=_words(payload.title), body=_words(payload.body), channels=payload.channels, theme_id=payload.theme,
        emergency=payload.emergency, exercise=payload.exercise, danger=payload.danger,
        audience={
            "shape": payload.zone, "zones": payload.zones, "streets": payload.streets, "register": payload.vulnerable,
        },
        sms=_words(payload.sms), voice=_words(payload.voice), send_at=payload.send_at, key=payload.key,
    )  # fmt: skip
    return 201, _described(alerting.create_alert(actor=request.auth, slug=payload.town, draft=draft))


@router.get("alerts/{alert_id}", response=AlertOut, summary="One alert")
def get(request: ApiRequest, alert_id: int) -> dict[str, Any]:
    """As it stands."""
    return _described(access_alert(request.auth, alert_id))


@router.get("alerts/{alert_id}/audience", response=dict[str, int], summary="How many people it would reach")
def get_audience(request: ApiRequest, alert_id: int) -> dict[str, int]:
    """By the very query that will send: people concerned, homes, who can be reached, and by which means."""
    return counts(access_alert(request.auth, alert_id))


@router.post("alerts/{alert_id}/submit", response=AlertOut, summary="Ask for a second person’s yes")
def submit(request: ApiRequest, alert_id: int) -> dict[str, Any]:
    """Twice is once."""
    return _described(alerting.submit_alert(actor=request.auth, alert_id=alert_id))


@router.post("alerts/{alert_id}/approve", response=AlertOut, summary="Approve an alert of somebody else")
def approve(request: ApiRequest, alert_id: int) -> dict[str, Any]:
    """It begins to leave. 403 to its author, 409 when it was approved already."""
    return _described(alerting.approve_alert(actor=request.auth, alert_id=alert_id))


@router.post("alerts/{alert_id}/stop", response=AlertOut, summary="Stop an alert")
def stop(request: ApiRequest, alert_id: int) -> dict[str, Any]:
    """Nothing more leaves; what has left can't be called back."""
    return _described(alerting.stop_alert(actor=request.auth, alert_id=alert_id))


@router.get("alerts/{alert_id}/progress", response=ProgressOut, summary="How far an alert is")
def get_progress(request: ApiRequest, alert_id: int) -> dict[str, Any]:
    """Live on the topic `alert.ID` too."""
    found = progress_of(access_alert(request.auth, alert_id))
    return {"status": found.status, "total": found.total, "reached": found.reached, "by_channel": found.by_channel}


def _words(said: Words) -> dict[str, str]:
    return {str(language): text for language, text in said.items()}


def _mine(request: ApiRequest) -> list[Town]:
    if needs_second_factor(request.auth):
        raise Forbidden(code="second_factor_required")
    mine = []
    for town in towns_of(request.auth):
        try:
            alerts_of(request.auth, town)
        except (NotFound, Forbidden):
            continue
        mine.append(town)
    return mine


def _described(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk, "number": alert.number, "town": alert.town.slug, "topic": f"alert.{alert.pk}",
        "status": Status(alert.status).value, "purpose": alert.purpose, "emergency": alert.emergency,
        "exercise": alert.exercise, "danger": alert.danger, "theme": alert.theme_id, "channels": alert.channels,
        "title": alert.title, "body": alert.body, "zone": alert.audience.get("shape"), "created_at": alert.created_at,
        "author": alert.author.name if alert.author else "", "approver": alert.approver.name if alert.approver else "",
        "submitted_at": alert.submitted_at, "approved_at": alert.approved_at, "started_at": alert.started_at,
        "ended_at": alert.ended_at,
    }  # fmt: skip

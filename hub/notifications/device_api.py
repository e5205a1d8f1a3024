"""The API of devices: browsers and telephones on which one's news are shown."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from hub.core import limits
from hub.core.errors import Invalid
from hub.core.shapes import Input, Line
from hub.notifications.devices import server_key
from hub.people.actions import register_device, retire_device
from hub.people.devices import TARGET_MAX
from hub.people.identity import ApiRequest
from hub.people.models import Device
from hub.people.queries import devices_of

router = Router(tags=["notifications"])


class DeviceOut(Schema):
    """A device. `last_ok_at`: when a notification was last taken for it, to the day."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 12,
                "kind": "web",
                "name": "Firefox sur Android",
                "created_at": "2026-11-22T18:47:52.945123Z",
                "last_ok_at": None,
            }
        }
    )

    id: int
    kind: str
    name: str
    created_at: datetime
    last_ok_at: datetime | None


class PushKeysOut(Schema):
    """What a browser subscribes with."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "key": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
            }
        }
    )

    key: str


_KEYS: JsonDict = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
_SUBSCRIPTION: JsonDict = {"endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn", "keys": _KEYS}


class SubscriptionKeys(Schema):
    """Of the browser, in base64url."""

    model_config = ConfigDict(json_schema_extra={"example": _KEYS})

    p256dh: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


class SubscriptionIn(Schema):
    """What `PushSubscription.toJSON()` gives; fields of later browsers are left out."""

    model_config = ConfigDict(json_schema_extra={"example": _SUBSCRIPTION})

    endpoint: Annotated[str, Field(max_length=TARGET_MAX)]
    keys: SubscriptionKeys


class DeviceIn(Input):
    """A browser with its `subscription`, or an application with its Firebase `token`. `name`: as the person knows it;
    else as the `User-Agent` says."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "web", "subscription": _SUBSCRIPTION}})

    kind: Literal["web", "fcm"]
    subscription: SubscriptionIn | None = None
    token: Annotated[str, Field(max_length=TARGET_MAX)] = ""
    name: Annotated[Line, Field(max_length=80)] = ""


@router.get("me/devices", response=list[DeviceOut], summary="My devices")
def list_devices(request: ApiRequest) -> list[Device]:
    """Those that are shown my news, the newest first: twenty at most."""
    return list(devices_of(request.auth))


@router.post("me/devices", response={201: DeviceOut}, summary="Show my news on a device")
def post_device(request: ApiRequest, payload: DeviceIn) -> tuple[int, Device]:
    """The same device again is the same, with the same `id`; was it another person's, it is theirs no longer. A
    subscription must lead to the push service of a known browser."""
    limits.hit(limits.DEVICES, request.auth.pk)
    user_agent = request.headers.get("User-Agent", "")
    try:
        device = register_device(
            actor=request.auth, kind=payload.kind, target=_target(payload), user_agent=user_agent, name=payload.name
        )
    except Invalid as refusal:
        raise Invalid(refusal.message, field="token" if payload.kind == "fcm" else "subscription") from refusal
    return 201, device


@router.delete("me/devices/{device_id}", response={204: None}, summary="Take a device away")
def delete_device(request: ApiRequest, device_id: int) -> tuple[int, None]:
    """Nothing more is shown on it."""
    retire_device(actor=request.auth, device_id=device_id)
    return 204, None


@router.get("me/push-key", response=PushKeysOut, summary="The key to subscribe with")
def get_push_key(request: ApiRequest) -> dict[str, Any]:
    """`applicationServerKey` for `PushManager.subscribe()`: a browser subscribes to this hub alone."""
    return {"key": server_key()}


def _target(payload: DeviceIn) -> str:
    if payload.kind == "fcm":
        return payload.token
    if payload.subscription is None:
        raise Invalid
    return json.dumps(payload.subscription.dict(), separators=(",", ":"))

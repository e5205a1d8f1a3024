"""Rigs of what is pushed to browsers and telephones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from channels_adapters.base import HandOver, Item, Outcome, freely
from channels_adapters.fcm_push import FcmPush
from channels_adapters.vapid import new_private_key
from channels_adapters.web_push import WebPush
from tests.channels_adapters.arrived import Arrived, Rig
from tests.channels_adapters.push_service import Came, PushService, service_account
from tests.engines import free_port
from tests.people.browsers import Browser

NOTICE = Item(
    channel="push",
    to="",
    subject="Saint-Aurèle : l’eau n’est plus potable",
    text="Faites-la bouillir jusqu’à nouvel ordre.\nRue de l’Église et chemin du Moulin.",
    link="https://saint-aurele.example/alertes/7/",
)


class _Elsewhere(WebPush):
    """Whatever the browser, its service is not there."""

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        nowhere = item.to.replace(self._services[0], self._services[1])
        return await super().send(replace(item, to=nowhere), hand_over)


def web_push() -> Iterator[Rig]:
    with PushService() as service:
        nowhere = f"http://127.0.0.1:{free_port()}"
        browser = Browser(f"{service.origin}/push/")
        options = {
            "private_key": new_private_key(),
            "subject": "mailto:parvis@saint-aurele.example",
            "services": [service.origin, nowhere],
        }
        yield Rig(
            "web-push",
            options,
            WebPush(**options),  # type: ignore[arg-type]
            _Elsewhere(**options),  # type: ignore[arg-type]
            replace(NOTICE, to=browser.subscription),
            lambda: [_shown(browser, came) for came in service.came],
        )


def _shown(browser: Browser, came: Came) -> Arrived:
    told = browser.read(came.body)
    return Arrived(browser.subscription, told["title"], told["body"], "", came.headers)


def fcm(folder: Path) -> Iterator[Rig]:
    with PushService() as service:
        options = {"credentials_file": service_account(folder / "account.json", service), "endpoint": service.origin}
        yield Rig(
            "fcm",
            options,
            FcmPush(**options),
            FcmPush(**{**options, "endpoint": f"http://127.0.0.1:{free_port()}"}),
            replace(NOTICE, to="c0Xy:APA91bE-saint_aurele"),
            lambda: [_told(came) for came in service.came],
        )


def _told(came: Came) -> Arrived:
    message = came.said["message"]
    said = message["notification"]
    return Arrived(message["token"], said["title"], said["body"], "", came.headers)

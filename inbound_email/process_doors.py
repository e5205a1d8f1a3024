"""The doors of one process, as the settings say: those of `hub serve` and `hub demo`, or of a process of their own."""

import os
from collections.abc import Mapping
from dataclasses import replace

import structlog
from django.conf import settings

from inbound_email.imap_poller import Box, ImapPoller
from inbound_email.models import Door
from inbound_email.places import Place, place_of
from inbound_email.smtp_thread import SmtpThread

log = structlog.get_logger(__name__)


class Unfit(Exception):
    """A door can't be opened: what is wrong, and what to do, in a sentence."""


def smtp_places() -> dict[Door, Place]:
    """Where SMTP and LMTP are listened to; nowhere without `PARVIS_INBOUND_DOMAIN`. Raises `Unfit`."""
    if not settings.INBOUND_DOMAIN:
        return {}
    written = {Door.SMTP: settings.INBOUND_SMTP, Door.LMTP: settings.INBOUND_LMTP}
    try:
        return {door: place_of(place) for door, place in written.items() if place}
    except ValueError as error:
        raise Unfit(f"{error}: see PARVIS_INBOUND_SMTP and PARVIS_INBOUND_LMTP") from error


def refuse_root(places: Mapping[Door, Place]) -> str:
    """All the world talks to what listens, and it needs no rights to listen on 2525: as root it stays at home.

    A word of warning when it does. Raises `Unfit` when it would not.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ""
    open_ones = [str(place) for place in places.values() if not place.local]
    if open_ones:
        raise Unfit(f"as root, mail is not listened for on {', '.join(open_ones)}: start it as another account")
    return "started as root: mail is listened for on this machine alone; another account would be safer"


def open_smtp(places: Mapping[Door, Place]) -> SmtpThread:
    """Listen. Raises `Unfit`."""
    try:
        return SmtpThread(places).start()
    except (OSError, ValueError) as error:
        where = ", ".join(map(str, places.values()))
        raise Unfit(
            f"can't listen on {where} ({error}): see PARVIS_INBOUND_SMTP, _LMTP, _TLS_CERT and _RELAYS"
        ) from error


class Doors:
    """Beside web, worker and clock: a door that can't be opened is told, and the others are."""

    def __init__(self, *, any_port: bool = False) -> None:
        """`any_port`: where the port for SMTP is taken, another one does; for a demo."""
        self._any_port = any_port
        self._smtp: SmtpThread | None = None
        self._imap: ImapPoller | None = None

    @property
    def places(self) -> Mapping[Door, Place]:
        """Where is listened, by door."""
        return self._smtp.places if self._smtp else {}

    def start(self) -> None:
        """Open those that are configured."""
        try:
            self._smtp = self._open_smtp()
        except Unfit as fault:
            log.error("inbound_email.door_closed", fault=str(fault))
        try:
            box = Box.configured()
        except ValueError as error:
            log.error("inbound_email.door_closed", fault=str(error))
            return
        if box is not None:
            self._imap = ImapPoller(box)
            self._imap.start()

    def stop(self) -> None:
        """What is being brought is kept first."""
        if self._smtp is not None:
            self._smtp.stop()
        if self._imap is not None:
            self._imap.stop()

    def _open_smtp(self) -> SmtpThread | None:
        places = smtp_places()
        if not places:
            return None
        if (warning := refuse_root(places)) and not settings.DEMO:
            log.warning("inbound_email.root", warning=warning)
        try:
            return open_smtp(places)
        except Unfit:
            if not self._any_port:
                raise
        return open_smtp({door: replace(place, port=0) for door, place in places.items() if door is Door.SMTP})

"""SMS by OVHcloud, made for France: POST /sms/{serviceName}/jobs, by OVH's own client, which signs each request.

https://eu.api.ovh.com/console/?section=%2Fsms&branch=v1 ; https://docs.ovh.com/fr/sms/api_sms_cookbook/
"""

import asyncio
import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, ClassVar, TypeVar
from urllib.parse import parse_qs, urlsplit

import ovh
from requests.adapters import HTTPAdapter

from channels_adapters.base import (
    NO_LONGER_OURS,
    Became,
    Call,
    Cause,
    HandOver,
    Heard,
    Incoming,
    Item,
    Outcome,
    Receipt,
    Result,
    SignatureError,
    freely,
    with_spare,
)
from channels_adapters.gsm_alphabet import ALPHABET
from channels_adapters.ovh_answers import by_error

_SERVICE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SENDER = re.compile(r"[A-Za-z0-9 .+-]{1,11}|\+?[0-9]{3,15}")
_SECRET_MIN = 16
# What is urgent is of no use much later, in minutes; others wait for a phone for two days.
_URGENT_MIN, _LATER_MIN = 60, 2_880
_EARLIER = timedelta(seconds=5)  # their clock is of seconds
_LOOKED_AT = 20
_ANSWERS = 500  # at once; the next time goes on

# `deliveryReceipt`, `dlr` in the call: https://eu.api.ovh.com/console/ (sms.Outgoing); the phone networks' own numbers.
_BECAME: Mapping[str, Became] = {
    "1": Became.DELIVERED,
    "2": Became.UNDELIVERABLE,
    "4": Became.SENT,
    "8": Became.SENT,
    "16": Became.UNDELIVERABLE,
}

Told = TypeVar("Told")


class OvhSms:
    """Sends SMS, hears what becomes of them, asks what people answered, and finds out what it had no answer for.

    `service_name`: of the SMS account (sms-ab12345-1). `sender`: a name or number that OVH has accepted; without one a
    short number, to which people may answer. `endpoint`: ovh-eu, ovh-ca, or an address. `hook_secret`: what stands in
    the path that OVH calls (`/hooks/ovh/<secret>/`), for it signs nothing: without one it isn't heard.
    """

    channels: ClassVar[frozenset[str]] = frozenset({"sms"})

    def __init__(
        self, *, application_key: str, application_secret: str, consumer_key: str, service_name: str, sender: str = "",
        endpoint: str = "ovh-eu", hook_secret: str = "", timeout_s: float = 15.0, at_once: int = 8,
    ) -> None:  # fmt: skip
        if not (application_key and application_secret and consumer_key):
            raise ValueError("application_key, application_secret or consumer_key is missing")
        if not _SERVICE.fullmatch(service_name):
            raise ValueError("service_name is the name of an SMS account, as sms-ab12345-1")
        if sender and not _SENDER.fullmatch(sender):
            raise ValueError("sender is a name of 11 letters at most, or a number")
        if hook_secret and len(hook_secret) < _SECRET_MIN:
            raise ValueError(f"hook_secret has {_SECRET_MIN} letters at least")
        if at_once < 1 or timeout_s <= 0:
            raise ValueError("at_once is 1 or more, and timeout_s more than nothing")
        self.at_once = at_once
        self._sender = sender
        self._hook_secret = hook_secret
        self._sms = f"/sms/{service_name}"
        self._client = _client(
            endpoint, application_key, application_secret, consumer_key, timeout_s, with_spare(at_once)
        )
        self._threads: ThreadPoolExecutor | None = None

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once."""
        if not _NUMBER.fullmatch(item.to):
            return Outcome(
                Result.REFUSED, reason="this is not a phone number in international form", cause=Cause.ADDRESS
            )
        handed_over = False
        try:
            await self._know_the_time()
            if not await hand_over():
                return NO_LONGER_OURS
            handed_over = True
            report = await self._in_thread(lambda: self._client.post(f"{self._sms}/jobs", **self._job(item)))
            return _as_outcome(report, item.to)
        except ovh.APIError as error:
            return by_error(error, handed_over=handed_over)

    async def close(self) -> None:
        """Let go of connections."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)
        self._client._session.close()

    async def find(self, item: Item, ago: timedelta) -> Outcome | None:
        """The SMS to this number that says the same, made so long `ago` or later: sent, or still with them."""
        begun = time.monotonic()
        try:
            await self._know_the_time()
            return await self._in_thread(lambda: self._find(item, ago + timedelta(seconds=time.monotonic() - begun)))
        except ovh.APIError as error:
            return Outcome(Result.TEMPORARY, reason=f"OVH can't be asked: {error}", cause=Cause.DOWN)

    async def answers(self, since: datetime, known: Collection[str]) -> Sequence[Incoming]:
        """What people answered to the short number: OVH keeps it, and calls nobody."""
        if self._sender:  # nobody can answer a name
            return []
        try:
            await self._know_the_time()
            return await self._in_thread(lambda: self._answers(since, known))
        except ovh.APIError:
            return []

    async def credits_left(self) -> float | None:
        """How many SMS credits the account still has; None when it can't be asked."""
        try:
            await self._know_the_time()
            account = await self._in_thread(lambda: self._client.get(self._sms))
            return float(account["creditsLeft"])
        except (ovh.APIError, KeyError, TypeError, ValueError):
            return None

    def hear(self, call: Call) -> Heard:
        """What became of one SMS: `?id=…&dlr=…`, at the address that the account has as its `callBack`."""
        there = urlsplit(call.url)
        said = there.path.rstrip("/").rpartition("/")[2]
        if not self._hook_secret or not compare_digest(said.encode(), self._hook_secret.encode()):
            raise SignatureError("the secret is not in the address")
        told = {name: values[0] for name, values in parse_qs(there.query).items()}
        told |= {name: values[0] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        name, became = told.get("id", ""), _BECAME.get(told.get("dlr", ""))
        if not name or became is None:
            return Heard()
        return Heard([_receipt(name, became, told)])

    def _job(self, item: Item) -> dict[str, Any]:
        return {
            "message": item.text,
            "receivers": [item.to],
            "charset": "UTF-8",
            "coding": "7bit" if set(item.text) <= ALPHABET else "8bit",
            # Article L34-5 of the code des postes: a message that promotes says how to stop it. OVH writes « STOP au
            # 36… » under it then, and keeps it until the morning. What informs carries none, and leaves at once.
            "noStopClause": not item.bulk,
            "priority": "high" if item.urgent else "low" if item.bulk else "medium",
            "validityPeriod": _URGENT_MIN if item.urgent else _LATER_MIN,
            **({"sender": self._sender} if self._sender else {"senderForResponse": True}),
        }

    def _find(self, item: Item, ago: timedelta) -> Outcome | None:
        there = datetime.fromtimestamp(time.time() + (self._client._time_delta or 0), UTC)
        since = there - ago - _EARLIER
        asked = {"receiver": item.to, "creationDatetime.from": since.isoformat()}
        for place, which in ((f"{self._sms}/outgoing", asked), (f"{self._sms}/jobs", {})):
            for number in sorted(self._client.get(place, **which), reverse=True)[:_LOOKED_AT]:
                try:
                    found = self._client.get(f"{place}/{number}")
                except ovh.ResourceNotFoundError:  # it has just left
                    continue
                if _is_it(found, item, since):
                    return _found(found)
        return None

    def _answers(self, since: datetime, known: Collection[str]) -> list[Incoming]:
        place, heard = f"{self._sms}/incoming", []
        from_then = {"creationDatetime.from": since.astimezone(UTC).isoformat()}
        new = [number for number in sorted(self._client.get(place, **from_then)) if str(number) not in known]
        for number in new[:_ANSWERS]:
            try:
                sms = self._client.get(f"{place}/{number}")
            except ovh.ResourceNotFoundError:  # taken away meanwhile
                continue
            heard.append(Incoming(str(number), str(sms.get("sender", "")), "", str(sms.get("message", ""))))
        return heard

    async def _know_the_time(self) -> None:
        """Signatures are of their clock: asked once, before the first request that does anything."""
        if self._client._time_delta is None:
            await self._in_thread(lambda: self._client.time_delta)

    async def _in_thread(self, call: Callable[[], Told]) -> Told:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(with_spare(self.at_once), thread_name_prefix="ovh")
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _client(
    endpoint: str, application_key: str, application_secret: str, consumer_key: str, timeout_s: float, lines: int
) -> ovh.Client:
    """A client of theirs, at an address of its own where `endpoint` is one."""
    elsewhere = endpoint.startswith(("http://", "https://"))
    try:
        client = ovh.Client(
            "ovh-eu" if elsewhere else endpoint, application_key, application_secret, consumer_key, timeout=timeout_s
        )
    except ovh.APIError as error:
        raise ValueError(str(error)) from error
    if elsewhere:
        client._endpoint = endpoint.rstrip("/")
    # As many lines as threads; nothing is sent twice by the library.
    client._session.mount("https://", HTTPAdapter(pool_maxsize=lines, max_retries=0))
    client._session.mount("http://", HTTPAdapter(pool_maxsize=lines, max_retries=0))
    return client


def _as_outcome(report: Any, to: str) -> Outcome:
    """Of sms.SmsSendingReport."""
    try:
        ids, invalid = report["ids"], report["invalidReceivers"]
        if ids:
            return Outcome(Result.ACCEPTED, provider_id=str(ids[0]))
        if invalid or not report["totalCreditsRemoved"]:
            return Outcome(Result.REFUSED, reason=f"OVH takes {to} for no receiver", cause=Cause.ADDRESS)
    except (KeyError, TypeError, IndexError):
        pass
    return Outcome(Result.UNKNOWN, reason=f"OVH's answer can't be read: {report!r}", cause=Cause.DOWN)


def _is_it(sms: Mapping[str, Any], item: Item, since: datetime) -> bool:
    """OVH writes « STOP au 36… » under what is bulk."""
    said = str(sms.get("message", "")).replace("\r\n", "\n").strip()
    made = datetime.fromisoformat(str(sms.get("creationDatetime")))
    wanted = item.text.strip()
    same = said.startswith(wanted) if item.bulk else said == wanted
    return same and str(sms.get("receiver")) == item.to and made >= since


def _found(sms: Mapping[str, Any]) -> Outcome:
    became, name = _BECAME.get(str(sms.get("deliveryReceipt"))), str(sms.get("id"))
    if became is Became.UNDELIVERABLE:
        return Outcome(Result.REFUSED, provider_id=name, reason=f"OVH: ptt {sms.get('ptt')}", cause=Cause.CARRIER)
    return Outcome(Result.ACCEPTED, provider_id=name)


def _receipt(name: str, became: Became, told: Mapping[str, str]) -> Receipt:
    if became is not Became.UNDELIVERABLE:
        return Receipt(name, became)
    said = told.get("descriptionDlr") or told.get("description") or ""
    return Receipt(name, became, Cause.CARRIER, f"OVH dlr {told['dlr']} ptt {told.get('ptt', '?')} {said}")

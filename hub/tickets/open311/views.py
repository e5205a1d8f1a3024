"""The addresses of Open311: one function for each method of the specification, in JSON and XML."""

from collections.abc import Callable
from functools import wraps

import structlog
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import ParvisError, RateLimited, Unavailable
from hub.tickets import queries, rules
from hub.tickets.actions import create_ticket, programs
from hub.tickets.open311 import asking, posting, shown
from hub.tickets.open311.discovery import discovery as told
from hub.tickets.open311.replies import Refused, Reply, written
from hub.tickets.tree import Tree

log = structlog.get_logger(__name__)

View = Callable[..., Reply]
READ = ("GET", "HEAD")


def _answering(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """In the asked format, errors too. What is read, any site's page may read; nobody is known by a cookie here."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answering(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            if request.method not in methods:
                response = written(Refused(405, _("Cette adresse n’accepte pas cette méthode.")).reply, form)
                response["Allow"] = ", ".join(methods)
                return response
            response = _asked(view, request, form, named)
            if request.method in READ:
                response["Access-Control-Allow-Origin"] = "*"
            return response

        return answering

    return decorate


def _asked(view: View, request: HttpRequest, form: str, named: dict[str, str]) -> HttpResponse:
    try:
        if request.method in READ:
            limits.hit(limits.OPEN311_READS, client_address(request))
        return written(view(request, **named), form)
    except Refused as refused:
        return written(refused.reply, form)
    except RateLimited as error:
        response = written(Refused(error.status, str(error)).reply, form)
        response["Retry-After"] = str(max(1, round(error.retry_after_s)))
        return response
    except ParvisError as error:
        return written(Refused(_status(error), str(error)).reply, form)
    except SuspiciousOperation:  # more fields, or more bytes, than anybody needs
        return written(Refused(400, _("Cette demande n’est pas valable.")).reply, form)
    except (OperationalError, InterfaceError) as error:
        log.warning("open311.database_away", error=repr(error))
        return written(Refused(Unavailable.status, str(Unavailable())).reply, form)
    except Exception:
        log.exception("open311.failed")
        return written(Refused(500, str(ParvisError())).reply, form)


def _status(error: ParvisError) -> int:
    """403 is for keys alone; « basically 400 for any other error »."""
    return error.status if error.status in {404, 503} else 400


@public
@_answering(*READ)
def discovery(request: HttpRequest) -> Reply:
    """Service discovery."""
    return Reply("discovery", told(request.GET))


@public
@_answering(*READ)
def services(request: HttpRequest) -> Reply:
    """GET Service List."""
    town = asking.town_of(request.GET)
    return Reply("services", shown.services(town, Tree(town)))


@public
@_answering(*READ)
def definition(request: HttpRequest, service_code: str) -> Reply:
    """GET Service Definition."""
    tree = Tree(asking.town_of(request.GET))
    return Reply("service_definition", shown.definition(tree, asking.service_of(tree, service_code)))


@public
@csrf_exempt
@_answering(*READ, "POST")
def requests(request: HttpRequest) -> Reply:
    """GET Service Requests; POST Service Request."""
    return _make(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> Reply:
    """A town that shows no list of its public tickets shows none here."""
    town = asking.town_of(request.GET)
    wanted = asking.wanted(request.GET, town)
    if not queries.desk_settings(town).public_list:
        return Reply("service_requests", [])
    return Reply("service_requests", shown.requests(wanted.among(queries.public_tickets(town))))


def _make(request: HttpRequest) -> Reply:
    """The app is known by its key, in the body; whoever used the app, by what they gave."""
    town = asking.town_of(request.POST)
    key = programs.use_key(secret=request.POST.get("api_key", ""), town=town)
    if key is None:
        raise Refused(403, _("api_key manque, ou n’est pas une clé de cette commune."))
    limits.hit(limits.OPEN311_KEY, key.pk)
    limits.hit(limits.OPEN311_ADDRESS, client_address(request))
    ticket = create_ticket(actor=None, town=town, draft=posting.draft_of(town, request.POST))
    made = {"service_request_id": ticket.number, "service_notice": shown.notice(ticket), "account_id": None}
    return Reply("service_requests", [made])


@public
@_answering(*READ)
def request_(request: HttpRequest, request_id: str) -> Reply:
    """GET Service Request."""
    town = asking.town_of(request.GET)
    found = queries.public_tickets(town).filter(number=rules.read_number(request_id))[:1]
    told = shown.requests(found)
    if not told:
        raise Refused(404, _("service_request_id : aucune demande publique ne porte ce numéro."))
    return Reply("service_requests", told)


@public
@_answering(*READ)
def token(request: HttpRequest, token_id: str) -> Reply:
    """GET service_request_id from a token: every service is « realtime », and no token is ever given."""
    asking.town_of(request.GET)
    raise Refused(404, _("token : aucun jeton n’est donné ici, service_request_id est rendu aussitôt."))

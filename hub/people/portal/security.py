"""« Connexion et sécurité »: password, address, second factor, API tokens, one's data, closing the account."""

from typing import Any

from allauth.account.views import logout as leave
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import signed_in
from hub.core.errors import Conflict
from hub.people.actions import close_account, export_own, issue_token, revoke_token
from hub.people.archive import as_download
from hub.people.forms import CloseForm, TokenForm
from hub.people.queries import needs_second_factor, second_factors_of
from hub.people.visitor import posted, signed_in_person, sure_it_is_you


@require_safe
@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """How I sign in, at a glance."""
    person = signed_in_person(request)
    context = {"person": person, "factors": second_factors_of(person)}
    return render(request, "people/account/security.html", context)


class SecondFactorView(IndexView):  # type: ignore[misc]
    """Application, passkeys, recovery codes; says so when a town hall asks for one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        required = needs_second_factor(signed_in_person(self.request))
        return {**context, "required": required, "types": Authenticator.Type}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sure_it_is_you
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """API tokens: made, shown once, taken back."""
    person = signed_in_person(request)
    form, token = TokenForm(posted(request)), ""
    if form.is_valid():
        token, form = issue_token(person=person, name=form.cleaned_data["name"]), TokenForm()
    context = {"form": form, "token": token, "tokens": person.api_tokens.all()}
    return render(request, "people/account/tokens.html", context)


@require_POST
@signed_in
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """A program that used it is out at once."""
    revoke_token(person=signed_in_person(request), token_id=token_id)
    messages.success(request, _("Le jeton est supprimé."))
    return redirect("account_tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sure_it_is_you
@never_cache
def records(request: HttpRequest) -> HttpResponse | FileResponse:
    """« Télécharger mes données »: what is in it, and the file."""
    person = signed_in_person(request)
    if request.method != "POST":
        return render(request, "people/account/records.html", {"person": person})
    return as_download(export_own(person=person), "mes-donnees")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sure_it_is_you
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, after a deliberate yes."""
    form = CloseForm(posted(request))
    if form.is_valid():
        try:
            close_account(person=signed_in_person(request))
        except Conflict as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Votre compte est fermé. Merci d’avoir été parmi nous."))
            return _forget_here(redirect("home"))
    return render(request, "people/account/close.html", {"form": form})


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out. With `forget`, as on a shared computer, what this browser keeps (drafts, unsent words) goes as well."""
    response = leave(request)
    return _forget_here(response) if "forget" in request.POST else response


def _forget_here(response: HttpResponse) -> HttpResponse:
    """Let the browser empty what it stored for this site (W3C Clear Site Data)."""
    response["Clear-Site-Data"] = '"storage"'
    return response

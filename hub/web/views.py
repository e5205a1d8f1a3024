from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Parvis")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse("csrf", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("404", status=404)


forbidden = bad_request = not_found


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse("500", status=500)

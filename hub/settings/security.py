"""Cookies, headers, content policy, origins."""

from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from .home import DEMO, PUBLIC_URL, env

_parts = urlsplit(PUBLIC_URL)
_https = _parts.scheme == "https"
_port = f":{_parts.port}" if _parts.port else ""

# The site's own origins: what a browser's `Origin` may be, on /ws/ and on forms.
SITE_ORIGINS = [
    f"{_parts.scheme}://{_parts.netloc}",
    *env.list("PARVIS_ALLOWED_ORIGINS", default=[f"http://localhost{_port}"] if DEMO else []),
]
CSRF_TRUSTED_ORIGINS = SITE_ORIGINS

# A file of certificates (PEM): whose signatures on other authorities' alerts are believed.
CAP_TRUSTED = env.str("PARVIS_CAP_TRUSTED", default="")

# Sites that may show « Signaler un problème » in a frame (docs/embedding.md). No other page is ever framed.
EMBED_ORIGINS = env.list("PARVIS_EMBED_ORIGINS", default=[])

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-parvis" if _https else "parvis"
CSRF_COOKIE_NAME = "__Host-parvis-csrf" if _https else "parvis-csrf"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "hub.web.views.csrf_failure"

# A proxy in front that speaks TLS names the scheme in this header (docs/operations.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_socket = f"{'wss' if _https else 'ws'}://{_parts.netloc}"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, _socket],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

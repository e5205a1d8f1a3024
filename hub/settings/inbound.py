"""What comes in by mail: the domain of our addresses, and the doors (docs/inbound.md)."""

from .home import DEMO, env

# The domain of the addresses to which people answer; empty: mails can't be answered, and no door opens.
INBOUND_DOMAIN = env.str("PARVIS_INBOUND_DOMAIN", default="parvis.example" if DEMO else "")
# A mail that can't be delivered comes back to an address of its own there.
BOUNCE_ADDRESSES = env.bool("PARVIS_BOUNCE_ADDRESSES", default=True)

# Where SMTP and LMTP are listened to: host:port; for LMTP also the path of a socket. Port 0: any free one.
INBOUND_SMTP = env.str("PARVIS_INBOUND_SMTP", default="127.0.0.1:2525")
INBOUND_LMTP = env.str("PARVIS_INBOUND_LMTP", default="")
# The name by which the door greets.
INBOUND_HOSTNAME = env.str("PARVIS_INBOUND_HOSTNAME", default="") or INBOUND_DOMAIN or "localhost"
INBOUND_TLS_CERT = env.str("PARVIS_INBOUND_TLS_CERT", default="")
INBOUND_TLS_KEY = env.str("PARVIS_INBOUND_TLS_KEY", default="")
# Addresses and networks of the town's own mail servers, which speak for all the world: no limits for each of them.
INBOUND_RELAYS = env.list("PARVIS_INBOUND_RELAYS", default=["127.0.0.1", "::1"])
INBOUND_CONNECTIONS = env.int("PARVIS_INBOUND_CONNECTIONS", default=200)
INBOUND_CONNECTIONS_EACH = env.int("PARVIS_INBOUND_CONNECTIONS_EACH", default=10)
INBOUND_MAILS_PER_MINUTE = env.int("PARVIS_INBOUND_MAILS_PER_MINUTE", default=60)
# RFC 5321 (4.5.3.2.7) asks for five minutes.
INBOUND_TIMEOUT_S = env.float("PARVIS_INBOUND_TIMEOUT_S", default=300.0)

# A mailbox that is looked after.
IMAP_HOST = env.str("PARVIS_IMAP_HOST", default="")
IMAP_PORT = env.int("PARVIS_IMAP_PORT", default=993)
IMAP_USERNAME = env.str("PARVIS_IMAP_USERNAME", default="")
IMAP_PASSWORD = env.str("PARVIS_IMAP_PASSWORD", default="")
# "none", "starttls" or "tls"
IMAP_SECURITY = env.str("PARVIS_IMAP_SECURITY", default="tls")
IMAP_CA_FILE = env.str("PARVIS_IMAP_CA_FILE", default="")
IMAP_FOLDER = env.str("PARVIS_IMAP_FOLDER", default="INBOX")
IMAP_DONE_FOLDER = env.str("PARVIS_IMAP_DONE_FOLDER", default="")

# Providers that call with a mail, each heard only when its secret is set (inbound_email/provider_hooks.py).
INBOUND_HOOKS = {
    "mailgun": env.str("PARVIS_MAILGUN_SIGNING_KEY", default=""),
    "postmark": env.str("PARVIS_POSTMARK_HOOK_SECRET", default=""),
    "sendgrid": env.str("PARVIS_SENDGRID_HOOK_SECRET", default=""),
    "brevo": env.str("PARVIS_BREVO_HOOK_SECRET", default=""),
}
BREVO_API_KEY = env.str("PARVIS_BREVO_API_KEY", default="")
BREVO_URL = env.str("PARVIS_BREVO_URL", default="https://api.brevo.com/v3/")

# Whether a mail is really from its author's address (inbound_email/authenticity.py): "header", as the town's mail
# server of that name says; "dns"; or "address", which takes the mail at its word.
INBOUND_AUTHSERV_ID = env.str("PARVIS_INBOUND_AUTHSERV_ID", default="")
_without = "address" if DEMO else "dns"
INBOUND_AUTH = env.str("PARVIS_INBOUND_AUTH", default="") or ("header" if INBOUND_AUTHSERV_ID else _without)
# host:port of who is asked; empty: whom the machine asks.
INBOUND_NAMESERVER = ""

"""What « Mentions légales » must name."""

from .home import env

# Who publishes the site and who hosts it: name, address, phone; on one line each.
LEGAL_PUBLISHER = env.str("PARVIS_LEGAL_PUBLISHER", default="")
LEGAL_HOSTING = env.str("PARVIS_LEGAL_HOSTING", default="")

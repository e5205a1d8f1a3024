"""How fast Parvis relays, what a socket costs and how soon a message is seen, beside others on the same machine.

Every server runs pinned to one core; the load generator, Redis and PostgreSQL have the other one. Only where words are
posted and stored do all share both cores.
"""

"""A year of tickets in the demo's two towns: 300 in each, as the hub's own actions would have left them."""

from hub.demo.tickets.seeding import COUNT, fill

__all__ = ["COUNT", "fill"]

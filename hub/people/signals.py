"""What rooms above are told about people, in the transaction in which it happens."""

from django.dispatch import Signal

# Somebody signed up online, with a town: `person`, `town`. Their address is not proven yet.
signed_up = Signal()

# The first of somebody's numbers is new: `person`, `number` in E.164.
phone_given = Signal()

# News are shown on a device of somebody's, the first that they have: `person`.
device_given = Signal()

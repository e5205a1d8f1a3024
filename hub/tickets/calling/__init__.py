"""Calling other programs: where to, signed how, when again, and the call itself."""

"""Scanned letters: what stands on them, and which request they are about."""

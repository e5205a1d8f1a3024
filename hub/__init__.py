"""Parvis: the real-time messaging and notification hub of a town hall."""

__version__ = "0.1.0"

"""« Réglages » > « Programmes »: keys of Open311 and webhooks, for who manages the town."""

"""« Réglages » > « Requêtes »: categories, calendar, rules and words, for who manages the town."""

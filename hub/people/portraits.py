"""The drawn portraits that a person may be shown by; the design system holds the drawings themselves."""

PORTRAITS = ("helene", "etienne", "maude", "karim", "jeanne", "paul")

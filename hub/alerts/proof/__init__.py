"""The proof of an alert on paper: who decided what and when, what it said, whom it reached, what holds it fast."""

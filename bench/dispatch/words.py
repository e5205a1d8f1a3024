"""What all of them send."""

SUBJECT = "Lettre"
_LINE = "Rivière-aux-Ormes : eau non potable, secteur Nord-Est. Faites bouillir l’eau une minute avant de la boire."
TEXT = f"{_LINE}\n\n" * 6
HTML = "<!doctype html><html><body>" + f"<p style='margin:0 0 12px'>{_LINE}</p>" * 12 + "</body></html>"

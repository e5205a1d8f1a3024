"""« Alertes » at the desk: written, approved, watched, and a town's sectors and rules."""

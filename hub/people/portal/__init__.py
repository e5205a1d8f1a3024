"""Everyone's own account, under /compte/."""

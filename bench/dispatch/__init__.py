"""What it costs to write to everybody: rows, mails a second beside other ways, and an emergency that can't wait."""

"""What it costs to tell a whole town something, and whether people who write to each other meanwhile notice."""

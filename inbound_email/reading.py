"""What is done with mails that were kept: read, placed, or left for somebody to say."""


def read_waiting() -> int:
    """Read what waits. Returns how many mails."""
    return 0

"""format=flowed (RFC 3676): a line that ends with a space goes on in the next one, at the same depth of quoting."""


def join_flowed(text: str, *, delsp: bool = False) -> str:
    """The text with its soft line breaks joined. Quoted lines stay quoted, "-- " stays alone."""
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1  # of the line that isn't finished; -1: none
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        if words.startswith(" "):  # stuffed
            words = words[1:]
        if open_depth != depth or words == "-- ":
            out.append("".join(pieces))
            pieces = [">" * depth + (" " if depth else "")]
        soft = words.endswith(" ") and words != "-- "
        pieces.append(words[:-1] if soft and delsp else words)
        open_depth = depth if soft else -1
    out.append("".join(pieces))
    return "\n".join(out[1:])

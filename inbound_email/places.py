"""Where a door is, as the settings write it."""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A host and a port, or the path of a socket."""

    host: str = ""
    port: int = 0
    path: str = ""

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        if self.path or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return self.path or f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def place_of(written: str) -> Place:
    """`127.0.0.1:2525`, `[::1]:2525`, or a path that begins with `/`. Raises `ValueError` with a sentence."""
    if written.startswith("/"):
        return Place(path=written)
    host, colon, port = written.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65_535:
        raise ValueError(f"« {written} » is neither HOST:PORT nor a path")
    return Place(host.strip("[]"), int(port))

"""Maps: where their pictures come from. Without any, places are chosen by address, position or coordinates."""

from urllib.parse import urlsplit

from .home import env
from .security import CONTENT_SECURITY_POLICY

# A template such as https://tile.example.org/{z}/{x}/{y}.png; empty: maps are drawn without a background.
MAP_TILES = env.str("PARVIS_MAP_TILES", default="")
MAP_ATTRIBUTION = env.str("PARVIS_MAP_ATTRIBUTION", default="© OpenStreetMap")

if MAP_TILES:
    _tiles = urlsplit(MAP_TILES)
    # `{s}` stands for one of several names of the same server.
    _host = _tiles.netloc.replace("{s}", "*")
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{_tiles.scheme}://{_host}")

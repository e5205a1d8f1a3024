"""The data folder: database file, media, secret key; and whether it is a demo's."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import environ

env = environ.Env()
# What the environment itself says comes before the file.
_env_file = Path(env.str("PARVIS_ENV_FILE", default=".env"))
if _env_file.is_file():
    environ.Env.read_env(_env_file)

PARVIS_HOME = Path(env.str("PARVIS_HOME", default=".parvis")).resolve()

# A demo home carries this mark. Only there do demo accounts exist, and nothing ever leaves it.
DEMO_MARK = PARVIS_HOME / "demo"
DEMO = DEMO_MARK.is_file()


def kept_secret(name: str, make: Callable[[], str]) -> str:
    """The home's own secret of that name: made once, and readable by its owner only."""
    file = PARVIS_HOME / name
    if not file.is_file():
        PARVIS_HOME.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of this home was first
            return file.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(make())
    return file.read_text().strip()


def _secret_key() -> str:
    """`PARVIS_SECRET_KEY`, else one of the home's own, made at the first start."""
    if given := env.str("PARVIS_SECRET_KEY", default=""):
        return str(given)
    return kept_secret("secret-key", lambda: secrets.token_urlsafe(50))


SECRET_KEY = _secret_key()
PUBLIC_URL = env.str("PARVIS_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

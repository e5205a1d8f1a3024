"""SQLite in the home, or PostgreSQL by `DATABASE_URL`."""

from .home import PARVIS_HOME, env

# Threads that serve sockets; each may hold one database connection.
SOCKET_THREADS = env.int("PARVIS_SOCKET_THREADS", default=8)


def _database() -> dict[str, object]:
    config: dict[str, object] = env.db("DATABASE_URL", default=f"sqlite:///{PARVIS_HOME / 'parvis.sqlite3'}")
    config["ATOMIC_REQUESTS"] = False
    if str(config["ENGINE"]).endswith("sqlite3"):
        config["OPTIONS"] = {
            # A writer takes its lock at BEGIN: an upgrade from read to write can't be waited for.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        }
    else:
        options = config.setdefault("OPTIONS", {})
        assert isinstance(options, dict)
        options.setdefault(
            "pool",
            {
                "min_size": 1,
                "max_size": SOCKET_THREADS + env.int("PARVIS_DATABASE_POOL", default=16),
                "timeout": 10,
            },
        )
        # Statements are planned once per connection, and their values sent beside them: posting costs half as much.
        options.setdefault("server_side_binding", True)
        options.setdefault("prepare_threshold", 5)
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database()}

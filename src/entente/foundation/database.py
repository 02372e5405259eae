"""Which database, as which role: the serving role never owns what it serves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import environ
from psycopg.conninfo import make_conninfo

from entente.foundation import keys
from entente.foundation.access.rls import OWNER, READER, RUNTIME
from entente.foundation.embedded import Embedded

NAME = os.environ.get("ENTENTE_DATABASE", "entente")


def private_server() -> Embedded:
    """Give the private server of this installation, running or not."""
    return Embedded(keys.home() / "postgres")


def role_password(role: str) -> str:
    """Give the password with which this installation's roles log in."""
    return keys.key_text(f"database.{role}")


def _settings(url: str, role: str | None, **options: Any) -> dict[str, Any]:
    found = dict(environ.Env.db_url_config(url))
    if role is not None:
        found |= {"USER": role, "PASSWORD": role_password(role)}
    found["ENGINE"] = "django.db.backends.postgresql"
    found["OPTIONS"] = {**found.get("OPTIONS", {}), **options}
    found["CONN_MAX_AGE"] = 0
    return found


def _embedded(role: str, **options: Any) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": role,
        "HOST": str(private_server().socket),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }


def databases(environment: Mapping[str, str], *, process: str) -> dict[str, dict[str, Any]]:
    """Give Django's database settings.

    Parameters
    ----------
    environment : mapping
        ``DATABASE_URL`` may be a superuser or an owner; the server then logs in as the
        role that serves. With ``DATABASE_OWNER_URL`` given, ``DATABASE_URL`` is used as
        it is. With none, the private server is used.
    process : str
        "web" gets a pool and no owner connection, "worker" no owner connection.

    Returns
    -------
    dict
        ``default`` serves, ``owner`` migrates, ``reader`` reports.
    """
    url = environment.get("DATABASE_URL")
    # Only the gate's question of facts is prepared; its plan is made once, not five times.
    limits = {
        "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
        " -c plan_cache_mode=force_generic_plan"
    }
    pool = {"pool": {"min_size": 2, "max_size": 12, "timeout": 10}} if process == "web" else {}
    owner_url = environment.get("DATABASE_OWNER_URL")
    if url and owner_url:
        made = {
            "default": _settings(url, None, **limits, **pool),
            "owner": _settings(owner_url, None),
            "reader": _settings(environment.get("DATABASE_READER_URL", owner_url), None),
        }
    elif url:
        made = {
            "default": _settings(url, RUNTIME, **limits, **pool),
            "owner": _settings(url, OWNER),
            "reader": _settings(url, READER),
        }
    else:
        made = {
            "default": _embedded(RUNTIME, **limits, **pool),
            "owner": _embedded(OWNER),
            "reader": _embedded(READER),
        }
    if process in {"web", "worker"}:
        del made["owner"]
    return made


def conninfo(settings: Mapping[str, Any]) -> str:
    """Write Django's settings of one database as a libpq address."""
    return make_conninfo(
        host=settings.get("HOST") or None,
        port=settings.get("PORT") or None,
        dbname=settings["NAME"],
        user=settings.get("USER") or None,
        password=settings.get("PASSWORD") or None,
    )


class Router:
    """Keep migrations on the owner's connection."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Let only the owner change tables."""
        return db == "owner"

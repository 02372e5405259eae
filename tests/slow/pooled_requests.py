"""6,400 requests over Django's pool, as the site makes them; prints what they saw as JSON."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random

import django
from django.conf import settings

settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 4, "max_size": 4, "timeout": 60}
django.setup()

from django.db import DatabaseError, close_old_connections, connection  # noqa: E402

from entente.foundation.access.scope import act_as, signing_in  # noqa: E402
from entente.foundation.models import Organisation, User  # noqa: E402
from entente.foundation.organisations import system_scope  # noqa: E402

N_REQUESTS, N_THREADS = 6_400, 16
counts = {"leaks": 0, "answers_without_context": 0, "right_answers": 0, "crashed": 0}
guard = threading.Lock()


def note(what: str, n: int = 1) -> None:
    """Count, from any thread."""
    with guard:
        counts[what] += n


def request(n: int) -> None:
    """Do one request: plain, crashing, or of nobody."""
    random = Random(n)
    mine = random.choice(organisations)
    kind = random.choices(["plain", "crash", "nobody"], [60, 10, 30])[0]
    try:
        if kind == "nobody":
            with suppress(DatabaseError):
                note("answers_without_context", len(list(User.objects.values_list("org_id"))))
            return
        with act_as(system_scope(mine.id, is_host=mine.is_host, name="tests")):
            seen = set(User.objects.values_list("org_id", flat=True))
            note("leaks", len(seen - {mine.id}))
            note("right_answers", seen == {mine.id})
            if kind == "crash":
                raise ZeroDivisionError
    except ZeroDivisionError:
        note("crashed")
    finally:
        close_old_connections()
        connection.close()


with signing_in():
    organisations = list(Organisation.objects.all())
with ThreadPoolExecutor(N_THREADS) as threads:
    list(threads.map(request, range(N_REQUESTS)))
print(json.dumps({"requests": N_REQUESTS, **counts}))

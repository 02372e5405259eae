"""The last place goes to exactly one of many, and no place stays empty."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection

from entente.foundation.access.scope import act_as
from entente.foundation.locks import lock
from entente.foundation.models import SignedLink, new_id

pytestmark = pytest.mark.slow

CAP, N_THREADS, N_PERSONS, CHANNELS = 3, 16, 50, ["email", "call", "event"]


@pytest.mark.promise("P13")
def test_caps_hold_for_fifty_people_on_three_channels_under_sixteen_workers(committed, noon):
    persons = [new_id() for _ in range(N_PERSONS)]
    wanted = [
        (person, channel) for person in persons for channel in CHANNELS for _ in range(N_THREADS)
    ]
    Random(13).shuffle(wanted)

    def ask(what: tuple) -> tuple | None:
        person, channel = what
        try:
            with act_as(committed.system()) as scope:
                lock(f"cap:{channel}:{person}")
                held = SignedLink.objects.filter(
                    person_id=person, object_kind=channel, purpose="cap"
                )
                if held.count() >= CAP:
                    return None
                SignedLink.objects.create(
                    id=new_id(), org_id=scope.org_id, purpose="cap", person_id=person,
                    object_kind=channel, object_id=person, expires_at=noon,
                )  # fmt: skip
                return what
        finally:
            connection.close()

    with ThreadPoolExecutor(N_THREADS) as threads:
        taken = Counter(what for what in threads.map(ask, wanted) if what)
    assert set(taken) == set(wanted)
    assert set(taken.values()) == {CAP}

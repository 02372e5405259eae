"""Locks: the last place goes to one, whoever races for it, and nobody waits in a circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection

from entente.foundation.access.scope import act_as
from entente.foundation.locks import lock
from entente.foundation.models import SignedLink, new_id

CAP = 3


@pytest.mark.promise("P13")
def test_a_cap_is_reached_and_never_exceeded_by_racing_threads(committed, noon):
    persons = [new_id() for _ in range(8)]

    def take(n: int) -> bool:
        person = persons[n % len(persons)]
        try:
            with act_as(committed.system()) as scope:
                lock(f"cap:email:{person}")
                if SignedLink.objects.filter(person_id=person, purpose="place").count() >= CAP:
                    return False
                SignedLink.objects.create(
                    id=new_id(), org_id=scope.org_id, purpose="place", person_id=person,
                    object_kind="t", object_id=person, expires_at=noon,
                )  # fmt: skip
                return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take, range(8 * 8)))
    assert sum(taken) == CAP * len(persons)
    with act_as(committed.system()):
        for person in persons:
            assert SignedLink.objects.filter(person_id=person, purpose="place").count() == CAP


@pytest.mark.promise("P12")
def test_threads_that_lock_the_same_keys_in_any_order_never_wait_in_a_circle(committed):
    keys = [f"account:{n}" for n in range(12)]

    def take(n: int) -> bool:
        random = Random(n)
        try:
            with act_as(committed.system()):
                lock(*random.sample(keys, 6))
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(take, range(120)))


def test_a_lock_is_held_to_the_end_of_the_transaction_and_no_longer(committed):
    def is_free() -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('one', 0))")
                free = cursor.fetchone()[0]
                if free:
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended('one', 0))")
                return free
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with act_as(committed.system()):
            lock("one", "one", "two")
            assert not other.submit(is_free).result()
        assert other.submit(is_free).result()


def test_a_lock_outside_a_transaction_is_refused(committed):
    with pytest.raises(RuntimeError, match="holds nothing"):
        lock("one")


def test_locking_nothing_is_allowed(committed):
    with act_as(committed.system()):
        lock()

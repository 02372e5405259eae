"""What consent does when two records of a person are joined or parted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Count

from entente.consent.actions.withdraw import person_lock
from entente.consent.models import Capture, Suppression, Withdrawal
from entente.directory.followers import Follower, Parted

KINDS = (("permissions", Capture), ("withdrawals", Withdrawal), ("stops", Suppression))


def counts(ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Count what the present organisation holds about each record."""
    found: dict[UUID, dict[str, int]] = {}
    for kind, model in KINDS:
        rows = model.objects.filter(hcp_id__in=list(ids)).values("hcp_id").annotate(n=Count("id"))
        for row in rows:
            found.setdefault(row["hcp_id"], {})[kind] = row["n"]
    return found


def locks(ids: Collection[UUID]) -> Sequence[str]:
    """Name the locks under which permissions and sends of these records are decided."""
    return [person_lock(hcp_id) for hcp_id in ids]


def after_parting(parted: Parted) -> Sequence[str]:
    """Restrict both records by what was recorded while they were one, and say what to ask.

    Stops and withdrawals of that time hold for both. Permissions of that time hold for neither
    until somebody has asked whose they are. Works for every organisation's records; tells counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM app.consent_parted(%s, %s, %s, %s)",
            [parted.survivor_id, parted.loser_id, parted.joined_at, parted.parted_at],
        )
        n_stops, n_withdrawals, n_permissions = cursor.fetchall()[0]
    asked = []
    if n_stops:
        asked.append(f"Stops of that time now hold for both records ({n_stops}).")
    if n_withdrawals:
        asked.append(f"Withdrawals of that time now hold for both records ({n_withdrawals}).")
    if n_permissions:
        asked.append(
            f"Permissions of that time hold for neither record ({n_permissions}): ask the person "
            "and record each anew where it belongs."
        )
    return asked


FOLLOWER = Follower("consent", counts, locks, after_parting)

"""Audits: the draw itself, made again at will; what waits; how often something was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BinaryField,
    Case,
    Count,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber, TruncMonth

from entente.foundation.access.scope import Scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.models import LedgerEntry, RoleGrant, User
from entente.policy.audit_kinds import AuditKind, kind_of
from entente.policy.domain.audit_figures import Rate, period_of, rate_of, seed_of
from entente.policy.models import AuditAction, AuditItem, AuditPlan, AuditSample

ITEM_ORDER = ("sample_id", "place")
ACTION_ORDER = ("due_on", "id")
FIELDS = ("id", "audit_at", "audit_sort", "audit_country", "audit_wall", "audit_actor",
          "audit_campaign")  # fmt: skip


class _Rank(Func):
    """The place of a row in the drawing order, worked out where the rows are."""

    template = "sha256(convert_to(%(expressions)s, 'UTF8'))"
    arg_joiner = " || ':' || "
    output_field = BinaryField()


def population(
    kind: AuditKind, plan: AuditPlan, since: date, until: date, recorded_until: datetime
) -> QuerySet[Any]:
    """Give what is drawn from: rows of the period, of the plan's country, recorded until then."""
    rows = kind.rows(since, until).filter(recorded_at__lte=recorded_until)
    return rows.filter(audit_country=plan.country) if plan.country else rows


def stratum_field(plan: AuditPlan) -> str:
    """Give the column by which a plan's sample is spread; empty if by none."""
    return f"audit_{plan.strata}" if plan.strata else ""


def counts_by_stratum(rows: QuerySet[Any], plan: AuditPlan) -> dict[str, int]:
    """Count the rows of each stratum; one query."""
    field = stratum_field(plan)
    if not field:
        return {"": rows.count()}
    found = rows.order_by().values_list(field).annotate(n=Count("id"))
    return {name or "": n for name, n in found}


def drawn(
    rows: QuerySet[Any], plan: AuditPlan, seed: str, allocation: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Draw: of each stratum the rows whose rank under the seed is lowest; one query.

    The database ranks and cuts, so that a million rows stay where they are.
    """
    rank = _Rank(Value(seed, output_field=TextField()), Cast("id", TextField()))
    field = stratum_field(plan)
    if not field:
        n = sum(allocation.values())
        return list(rows.annotate(audit_rank=rank).order_by("audit_rank").values(*FIELDS)[:n])
    wanted = Case(
        *(When(**{field: name}, then=Value(n)) for name, n in allocation.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
    placed = rows.annotate(
        audit_rank=rank,
        audit_wanted=wanted,
        audit_place=Window(RowNumber(), partition_by=[field], order_by="audit_rank"),
    ).filter(audit_place__lte=wanted)
    return list(placed.order_by(field, "audit_rank").values(*FIELDS))


def hash_of_ids(ids: Iterable[UUID]) -> str:
    """Give the hash of what was drawn, in the order in which it was drawn."""
    return sha256_hex(canonical([str(one) for one in ids]))


def ledger_head() -> tuple[int, str]:
    """Give number and chained root of the ledger's last sealed batch; zeros before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, chained FROM app.ledger_head()")
        found = cursor.fetchone()
    return (found[0], bytes(found[1]).hex()) if found else (0, "0" * 64)


@dataclass(frozen=True)
class Redrawn:
    """What drawing again gives.

    Parameters
    ----------
    same : bool
        The same rows in the same order.
    seed_holds : bool
        The seed is that of the ledger's entry which announced the draw.
    n_population : int
        How many there are now; rows can only have gone or come if somebody changed the past.
    """

    same: bool
    seed_holds: bool
    n_population: int


def redraw(sample: AuditSample) -> Redrawn:
    """Draw a sample again from the seed that was kept; nothing is written."""
    plan = sample.plan
    kind = kind_of(plan.kind)
    if kind is None:
        return Redrawn(False, False, 0)
    rows = population(kind, plan, sample.since_on, sample.until_on, sample.recorded_until)
    again = drawn(rows, plan, sample.seed, sample.allocation)
    leaf = LedgerEntry.objects.filter(entry_id=sample.entry_id).values_list("leaf", flat=True)
    kept = [bytes(one).hex() for one in leaf]
    holds = kept == [sample.leaf] and seed_of(sample.head, sample.leaf) == sample.seed
    same = hash_of_ids(one["id"] for one in again) == sample.ids_hash
    return Redrawn(same, holds, rows.count())


def plans(on: date | None = None) -> QuerySet[AuditPlan]:
    """Give the plans of the present organisation; with a day, those not ended before it."""
    found = AuditPlan.objects.order_by("title", "id")
    return found.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on)) if on else found


@dataclass(frozen=True)
class ToDraw:
    """A period of a plan that is over and of which nothing was drawn."""

    plan: AuditPlan
    since: date
    until: date


def to_draw(on: date, *, most: int = 12) -> list[ToDraw]:
    """Give the periods that are over and undrawn, of every plan; the oldest first."""
    standing = list(plans(on))
    found: list[ToDraw] = []
    taken = set(AuditSample.objects.filter(plan__in=standing).values_list("plan_id", "since_on"))
    for plan in standing:
        since, until = period_of(plan.every, plan.from_on)
        while until <= on and len(found) < most * len(standing):
            if (plan.id, since) not in taken:
                found.append(ToDraw(plan, since, until))
            since, until = period_of(plan.every, until)
    return sorted(found, key=lambda one: (one.since, one.plan.title))[:most]


def samples() -> QuerySet[AuditSample]:
    """Give the samples with how many of their items were looked at and found wanting."""
    return AuditSample.objects.select_related("plan").annotate(
        n_answered=Count("items", filter=~Q(items__answer="")),
        n_findings=Count("items", filter=Q(items__answer="finding")),
    )


def items(*, answer: str | None = None, sample_id: UUID | None = None) -> QuerySet[AuditItem]:
    """Give drawn items, on one's side of the wall."""
    found = AuditItem.objects.select_related("sample", "sample__plan", "partner")
    if sample_id is not None:
        found = found.filter(sample_id=sample_id)
    return found if answer is None else found.filter(answer=answer)


def item(item_id: UUID) -> AuditItem:
    """Give one drawn item.

    Raises
    ------
    AuditItem.DoesNotExist
    """
    return items().get(id=item_id)


def actions(*, standing: str = "", on: date) -> QuerySet[AuditAction]:
    """Give corrective and preventive actions.

    Parameters
    ----------
    standing : str
        ``"open"``, ``"late"`` (not done after its day), ``"done"`` (waits to be verified),
        ``"verified"``, or empty for all.
    """
    found = AuditAction.objects.select_related("item", "item__sample")
    narrowed = {
        "open": Q(done_at__isnull=True),
        "late": Q(done_at__isnull=True, due_on__lt=on),
        "done": Q(done_at__isnull=False, verified_at__isnull=True),
        "verified": Q(verified_at__isnull=False),
    }
    return found.filter(narrowed[standing]) if standing in narrowed else found


def my_actions(scope: Scope) -> QuerySet[AuditAction]:
    """Give the actions that wait for whoever acts, the most urgent first."""
    found = AuditAction.objects.filter(owner_id=scope.actor_id, done_at__isnull=True)
    return found.order_by(*ACTION_ORDER)


@dataclass(frozen=True)
class FigureLine:
    """A month or a partner, with its rate of findings and its open and late actions."""

    label: str
    rate: Rate
    n_open: int
    n_late: int


@dataclass(frozen=True)
class Figures:
    """The figures of audits in a span of months."""

    total: FigureLine
    by_month: list[FigureLine]
    by_partner: list[FigureLine]


def _line(label: str, counts: tuple[int, int], standing: tuple[int, int]) -> FigureLine:
    return FigureLine(label, rate_of(*counts), *standing)


def figures(on: date, *, months: int = 12) -> Figures:
    """Give rates of findings with their intervals, by the month drawn from and by partner.

    Only what was looked at counts; what waits says nothing yet.
    """
    first = (on.replace(day=1) - timedelta(days=31 * (months - 1))).replace(day=1)
    asked = AuditItem.objects.filter(happened_at__date__gte=first).exclude(answer="")
    tally = (
        asked.annotate(month=TruncMonth("happened_at"))
        .values_list("month", "partner__name")
        .annotate(n=Count("id"), found=Count("id", filter=Q(answer="finding")))
        .order_by()
    )
    late = Q(done_at__isnull=True, due_on__lt=on)
    doing = (
        AuditAction.objects.filter(item__happened_at__date__gte=first, verified_at__isnull=True)
        .annotate(month=TruncMonth("item__happened_at"))
        .values_list("month", "item__partner__name")
        .annotate(n=Count("id"), late=Count("id", filter=late))
        .order_by()
    )
    by_month: dict[str, list[int]] = {}
    by_partner: dict[str, list[int]] = {}
    total = [0, 0, 0, 0]
    for month, partner, n, found in tally:
        for row in _rows_for(by_month, by_partner, month, partner, total):
            row[0] += found
            row[1] += n
    for month, partner, n, n_late in doing:
        for row in _rows_for(by_month, by_partner, month, partner, total):
            row[2] += n
            row[3] += n_late
    return Figures(
        _line("", (total[0], total[1]), (total[2], total[3])),
        [_line(k, (v[0], v[1]), (v[2], v[3])) for k, v in sorted(by_month.items())],
        [_line(k, (v[0], v[1]), (v[2], v[3])) for k, v in sorted(by_partner.items())],
    )


def _rows_for(
    by_month: dict[str, list[int]], by_partner: dict[str, list[int]],
    month: datetime, partner: str | None, total: list[int],
) -> list[list[int]]:  # fmt: skip
    return [
        total,
        by_month.setdefault(f"{month:%Y-%m}", [0, 0, 0, 0]),
        by_partner.setdefault(partner or "", [0, 0, 0, 0]),
    ]


def action(action_id: UUID, scope: Scope) -> AuditAction:
    """Give an action to whoever owns it or sees audits; to others it is not there.

    Raises
    ------
    AuditAction.DoesNotExist
    """
    row = AuditAction.objects.select_related("item", "item__sample__plan").get(id=action_id)
    if row.owner_id != scope.actor_id and "audit.read" not in scope.may:
        raise AuditAction.DoesNotExist
    return row


def colleagues(*, role: str = "", most: int = 1_000) -> list[User]:
    """Give the people here who could be asked, by name; with a role, those who hold it."""
    found = User.objects.filter(is_active=True)
    if role:
        held = RoleGrant.objects.filter(role=role, revoked_at__isnull=True)
        found = found.filter(id__in=held.values("user_id"))
    return list(found.order_by("name", "id")[:most])

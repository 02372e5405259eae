"""The SQL function that gives a permission's state, against an obvious twin in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.consent.models import Capture, Confirmation, Suppression, Withdrawal
from entente.consent.reads import state_as_of
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id

EPOCH = datetime(2026, 1, 1, 12, tzinfo=UTC)
# Few instants, so that records often fall on the same one.
HOURS = st.integers(0, 12).map(lambda n: EPOCH + timedelta(hours=15 * n))
CHANNELS = ("email", "phone")
PURPOSES = ("promotion", "medical")

captures = st.fixed_dictionaries(
    {
        "kind": st.just("capture"),
        "at": HOURS,
        "channel": st.sampled_from(CHANNELS),
        "purpose": st.sampled_from(PURPOSES),
        "proof": st.booleans(),
        "product": st.booleans(),
        "days": st.none() | st.integers(0, 5),
        "confirm": st.sampled_from(("no need", "never", "later")),
    }
)
withdrawals = st.fixed_dictionaries(
    {
        "kind": st.just("withdrawal"),
        "at": HOURS,
        "channel": st.sampled_from((*CHANNELS, "any")),
        "purpose": st.sampled_from((*PURPOSES, "")),
        "product": st.booleans(),
    }
)
stops = st.fixed_dictionaries(
    {
        "kind": st.just("stop"),
        "at": HOURS.filter(lambda at: at > EPOCH + timedelta(days=6)),
        "law": st.booleans(),
    }
)
records = st.lists(st.one_of(captures, withdrawals, captures, withdrawals, stops), max_size=6)


def twin(record_list, zone, channel, purpose, product, at):
    """Say the state by going through the records one by one."""
    grants, waiting, taken, of_product = [], [], [], []
    for order, r in enumerate(record_list):
        if r["at"] > at:
            continue
        if r["kind"] == "stop" and r["law"]:
            return "never"
        if r["kind"] == "capture":
            if (r["channel"], r["purpose"]) != (channel, purpose) or not r["proof"]:
                continue
            is_open = r["confirm"] == "never" or (
                r["confirm"] == "later" and r["at"] + timedelta(hours=15) > at
            )
            if r["product"] and not is_open:
                of_product.append(r["at"])
            if r["product"] and not product:
                continue
            (waiting if is_open else grants).append((r["at"], order, r))
        if r["kind"] != "withdrawal":
            continue
        if r["channel"] in (channel, "any") and r["purpose"] in (purpose, ""):
            taken.append((r["at"], r["product"]))
    if any(r["kind"] == "stop" and r["at"] <= at for r in record_list):
        return "withdrawn"
    # `product` None means "not known": then a withdrawal for one product counts, unless a
    # later permission for that product has cleared it.
    cleared = max(of_product, default=EPOCH) if product is None else EPOCH
    last_taken = max((when for when, one in taken if not one or when >= cleared), default=None)
    newest = max(grants, key=lambda g: g[:2], default=None)

    def is_over(capture):
        if capture["days"] is None:
            return False
        last_day = capture["at"].astimezone(ZoneInfo(zone)).date() + timedelta(capture["days"])
        return at.astimezone(ZoneInfo(zone)).date() > last_day

    in_force = newest and not (last_taken and last_taken >= newest[0]) and not is_over(newest[2])
    if in_force:
        return "granted"
    if any(last_taken is None or w[0] > last_taken for w in waiting):
        return "pending"
    if last_taken and (newest is None or last_taken >= newest[0]):
        return "withdrawn"
    return "expired" if newest else "none"


def write(asked, product_id: UUID, zone: str, record_list) -> None:
    common = {"org_id": asked.scope.org_id, "hcp_id": asked.hcp_id}
    keyed = {**common, "controller_id": asked.controller_id, "source": "test"}
    for r in record_list:
        product = {"product_id": product_id if r.get("product") else None}
        if r["kind"] == "capture":
            last = r["at"].astimezone(ZoneInfo(zone)).date()
            made = Capture.objects.create(
                id=new_id(),
                **keyed,
                **product,
                channel=r["channel"],
                purpose=r["purpose"],
                method="test",
                wording_version="1",
                proof_ref="proof" if r["proof"] else "",
                captured_at=r["at"],
                expires_on=None if r["days"] is None else last + timedelta(r["days"]),
                needs_confirmation=r["confirm"] != "no need",
            )
            if r["confirm"] == "later":
                Confirmation.objects.create(
                    id=new_id(),
                    org_id=asked.scope.org_id,
                    capture=made,
                    confirmed_at=r["at"] + timedelta(hours=15),
                    source="test",
                )
        elif r["kind"] == "withdrawal":
            Withdrawal.objects.create(
                id=new_id(),
                **keyed,
                **product,
                channel=r["channel"],
                purpose=r["purpose"],
                withdrawn_at=r["at"],
            )
        else:
            Suppression.objects.create(
                id=new_id(),
                **common,
                kind="never" if r["law"] else "stop",
                reason="test",
                source="test",
                suppressed_at=r["at"],
            )


class _Undo(Exception):
    """Ends one example and takes back what it wrote."""


@pytest.mark.feature("consent/consent")
@pytest.mark.promise("P14")
def test_the_state_of_a_permission_equals_that_of_an_obvious_twin(asked, product_id, noon):
    @settings(
        max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(records, st.sampled_from((None, True)), HOURS)
    def agrees(record_list, product, at):
        try:
            with act_as(asked.scope), transaction.atomic():
                write(asked, product_id, "America/New_York", record_list)
                for channel in CHANNELS:
                    for purpose in PURPOSES:
                        found = state_as_of(
                            asked.hcp_id,
                            asked.controller_id,
                            channel,
                            purpose,
                            at,
                            product_id=product_id if product else None,
                        )
                        wanted = twin(
                            record_list, "America/New_York", channel, purpose, product, at
                        )
                        assert found.status == wanted, (channel, purpose, record_list)
                raise _Undo
        except _Undo:
            pass

    agrees()

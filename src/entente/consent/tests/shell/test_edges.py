"""The edges of permission that the field knows: expiry, zones, products, proofs, stops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from entente.consent import actions, reads
from entente.consent.models import Capture, Wording
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("consent/consent")


def give(asked, at, **changes):
    given = {
        "hcp_id": asked.hcp_id,
        "controller_id": asked.controller_id,
        "channel": "email",
        "purpose": "promotion",
        "wording_version": "US-1",
        "source": "congress",
        "method": "form",
        "proof_ref": "form 17",
        "captured_at": at,
        "at": at,
    }
    return actions.capture_consent(**given | changes)


def take(asked, at, **changes):
    given = {
        "hcp_id": asked.hcp_id,
        "controller_id": asked.controller_id,
        "channel": "email",
        "source": "mail",
        "at": at,
    }
    return actions.withdraw_consent(**given | changes)


def status(asked, at, channel="email", purpose="promotion", **more):
    return reads.state_as_of(asked.hcp_id, asked.controller_id, channel, purpose, at, **more).status


def test_could_we_send_on_that_day_is_answered_for_any_day(asked, noon):
    day = timedelta(days=1)
    with act_as(asked.scope):
        give(asked, noon - 9 * day)
        take(asked, noon - 5 * day, purpose="promotion")
        give(asked, noon - 2 * day)
        found = [status(asked, noon - n * day) for n in (10, 9, 6, 5, 3, 2, 0)]
    assert found == [
        "none", "granted", "granted", "withdrawn", "withdrawn", "granted", "granted",
    ]  # fmt: skip


def test_a_permission_ends_with_its_last_day_where_the_person_is(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - timedelta(days=30), expires_on=date(2026, 11, 18))
        # Midnight of 18 November in Connecticut is 05:00 UTC of the 19th.
        assert status(asked, datetime(2026, 11, 19, 4, 59, tzinfo=UTC)) == "granted"
        assert status(asked, datetime(2026, 11, 19, 5, 0, tzinfo=UTC)) == "expired"


def test_a_new_permission_clears_only_what_was_shown(asked, noon):
    hour = timedelta(hours=1)
    with act_as(asked.scope):
        give(asked, noon - 3 * hour, purpose="education")
        take(asked, noon - 2 * hour)
        give(asked, noon - hour)
        assert status(asked, noon) == "granted"
        assert status(asked, noon, purpose="education") == "withdrawn"


def test_a_stop_beats_an_older_and_a_newer_permission(asked, noon):
    hour = timedelta(hours=1)
    with act_as(asked.scope):
        give(asked, noon - 3 * hour)
        actions.suppress(asked.hcp_id, "asked by telephone", noon - 2 * hour)
        give(asked, noon - hour)
        assert status(asked, noon) == "withdrawn"
        actions.suppress(asked.hcp_id, "court order", noon, kind="never")
        assert status(asked, noon) == "never"


def test_a_double_opt_in_permits_nothing_until_it_is_confirmed(asked, noon):
    hour = timedelta(hours=1)
    with act_as(asked.scope):
        capture = give(asked, noon, needs_confirmation=True)
        assert status(asked, noon) == "pending"
        actions.confirm_consent(capture.id, source="mail", at=noon + hour)
        actions.confirm_consent(capture.id, source="mail", at=noon + 2 * hour)
        assert status(asked, noon) == "pending"
        assert status(asked, noon + hour) == "granted"


def test_a_permission_for_one_product_is_none_for_a_mail_about_two(asked, product_id, noon):
    with act_as(asked.scope):
        give(asked, noon, product_id=product_id)
        assert status(asked, noon, product_id=product_id) == "granted"
        assert status(asked, noon) == "none"


def test_a_withdrawal_for_one_product_counts_where_the_product_is_not_known(
    asked, product_id, noon
):
    with act_as(asked.scope):
        give(asked, noon - timedelta(hours=1))
        take(asked, noon, product_id=product_id, purpose="promotion")
        assert status(asked, noon) == "withdrawn"
        assert status(asked, noon, product_id=product_id) == "withdrawn"


def test_a_permission_without_proof_or_from_tomorrow_is_refused(asked, noon):
    with act_as(asked.scope):
        with pytest.raises(UserError, match="proof"):
            give(asked, noon, proof_ref=" ")
        with pytest.raises(UserError, match="not come yet"):
            give(asked, noon, captured_at=noon + timedelta(seconds=1))
        assert not Capture.objects.exists()


@pytest.mark.promise("P6")
def test_records_are_never_changed_only_added(asked, noon):
    with act_as(asked.scope):
        capture = give(asked, noon)
        for statement in (
            "UPDATE consent_capture SET proof_ref = 'x'",
            "DELETE FROM consent_capture",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert Capture.objects.get().proof_ref == capture.proof_ref


@pytest.mark.promise("P28")
def test_the_ledger_holds_the_address_only_encrypted(asked, noon):
    with act_as(asked.scope):
        capture = give(asked, noon, address="m.testwell@clinic.test")
        entry = LedgerEntry.objects.get(object_id=capture.id)
        assert "consent.capture.recorded" in entry.body
        assert "testwell" not in entry.body
        assert "form 17" not in entry.body


@pytest.mark.promise("P1")
def test_no_organisation_sees_anothers_permissions_and_addresses(asked, cast, noon):
    with act_as(asked.scope):
        give(asked, noon)
    with act_as(cast.system(cast.partner)):
        assert not Capture.objects.exists()
        assert status(asked, noon) == "none"
        assert reads.states_of(asked.hcp_id, noon) == []
        with pytest.raises(UserError, match="your own organisation"):
            give(asked, noon)


def test_a_stop_at_one_party_is_told_to_another_as_yes_or_no(asked, cast, noon):
    def stopped(*organisations):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT app.consent_stopped_anywhere(%s, %s)",
                [asked.hcp_id, [o.id for o in organisations]],
            )
            return cursor.fetchone()[0]

    with act_as(asked.scope):
        take(asked, noon - timedelta(days=2))
    with act_as(cast.system(cast.partner)):
        assert stopped(cast.host) is True
        assert stopped(cast.partner, cast.society) is False
    with act_as(asked.scope):
        give(asked, noon - timedelta(days=1))
        assert stopped(cast.host) is False
        actions.suppress(asked.hcp_id, "asked", noon - timedelta(hours=1))
    with act_as(cast.system(cast.partner)):
        assert stopped(cast.host, cast.society) is True


def test_the_gate_is_told_state_days_proof_and_quiet(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - timedelta(days=3), expires_on=date(2027, 1, 1))
        actions.set_preference(
            asked.hcp_id, paused_until=date(2026, 12, 1), emails_30d=2, at=noon - timedelta(days=1)
        )
        facts = gather(
            [
                Act(
                    "email",
                    at,
                    recipient_id=asked.hcp_id,
                    channel="email",
                    purpose="promotion",
                    controller_id=asked.controller_id,
                )
                for at in (noon, noon - timedelta(days=9))
            ]
        )
        assert reads.own_cap_30d(asked.hcp_id, noon) == 2
    now, then = facts
    assert now["consent.status"] == "granted"
    assert now["consent.captured_at"] == date(2026, 11, 17)
    assert now["consent.expires_at"] == date(2027, 1, 1)
    assert now["consent.proof_ref"] == "form 17"
    assert now["consent.paused_until"] == date(2026, 12, 1)
    assert now["consent.withdrawn_at"] is None
    assert now["suppression.active"] is False
    assert now["lawful_basis"] == "consent"
    assert (now["recipient.us_state"], now["recipient.profession"]) == ("CT", "physician")
    assert then["consent.status"] == "none"
    assert then["consent.paused_until"] is None


def test_who_may_not_capture_is_refused(asked, cast, noon):
    with act_as(cast.scope(Role.FINANCE)), pytest.raises(OutOfScope):
        give(asked, noon)


def test_words_in_use_stay_as_they_were(asked, noon):
    with act_as(asked.scope):
        words = actions.stage_wording(
            version="US-1", country="US", language="en", text="May we?", at=noon
        )
        actions.activate_wording(words.id, at=noon)
        with pytest.raises(DatabaseError), transaction.atomic():
            Wording.objects.filter(id=words.id).update(text="We may.")
        newer = actions.stage_wording(
            version="US-2", country="US", language="en", text="May we, please?", at=noon
        )
        actions.activate_wording(newer.id, at=noon)
        states = dict(Wording.objects.values_list("version", "status"))
        assert states == {"US-1": "inactive", "US-2": "active"}

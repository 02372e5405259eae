"""What goes wrong with permissions in the field: owners, countries, products, proofs, zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from entente.consent import actions, reads
from entente.consent.actions import Shown
from entente.consent.models import Capture
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from tests.permissions import give, status, take, words

pytestmark = pytest.mark.feature("consent/consent")
DAY = timedelta(days=1)
NEW_ADDRESS = "office@newowner.test"


# The address changes its owner.


def test_a_permission_is_none_for_an_address_that_came_after_it(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - 9 * DAY, address="m.testwell@clinic.test")
        assert status(asked, noon) == "granted"
        add_contact_point(
            asked.hcp_id, channel="email", value=NEW_ADDRESS, from_on=noon.date(), at=noon
        )
        assert status(asked, noon) == "none"
        assert status(asked, noon - DAY) == "granted"
        give(asked, noon + DAY, address=NEW_ADDRESS)
        assert status(asked, noon + DAY) == "granted"


def test_a_permission_that_names_no_address_is_for_the_one_known_then(asked, noon):
    with act_as(asked.scope):
        give(asked, noon)
        add_contact_point(
            asked.hcp_id,
            channel="email",
            value=NEW_ADDRESS,
            from_on=(noon + 5 * DAY).date(),
            at=noon + 5 * DAY,
        )
        assert status(asked, noon + 4 * DAY) == "granted"
        assert status(asked, noon + 5 * DAY) == "none"


def test_an_address_written_in_capitals_is_the_same_address(asked, noon):
    with act_as(asked.scope):
        give(asked, noon, address="M.Testwell@Clinic.TEST")
        assert status(asked, noon) == "granted"


def test_a_withdrawal_holds_whatever_the_address(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - 9 * DAY)
        take(asked, noon - 8 * DAY)
        add_contact_point(
            asked.hcp_id, channel="email", value=NEW_ADDRESS, from_on=noon.date(), at=noon
        )
        assert status(asked, noon) == "withdrawn"


# The person moves to another country.


@pytest.fixture
def moved(asked, noon):
    """Somebody who agreed to American words and practises in Germany now."""
    with act_as(asked.scope):
        person = add_hcp(family_name="Umzug", given_name="Anna", country="DE", at=noon)
        words(noon - 20 * DAY)
    return type(asked)(asked.scope, person.id, asked.controller_id, "")


def test_after_a_move_a_permission_under_the_words_of_the_old_country_is_none(moved, noon):
    with act_as(moved.scope):
        give(moved, noon - 9 * DAY)
        assert status(moved, noon) == "none"
        words(noon, country="DE", language="de", version="DE-1")
        give(moved, noon, wording_version="DE-1")
        assert status(moved, noon) == "granted"


def test_a_country_that_needs_no_words_of_its_own_takes_those_of_another(moved, noon):
    with act_as(moved.scope):
        give(moved, noon - 9 * DAY)
        actions.set_country_rule(
            country="DE",
            channel="email",
            keeps_months=None,
            needs_own_wording=False,
            needs_confirmation=False,
            at=noon - DAY,
        )
        assert status(moved, noon - 2 * DAY) == "none"
        assert status(moved, noon) == "granted"


# One product, two products, topics.


def test_a_permission_for_product_a_does_not_cover_a_mail_about_a_and_b(asked, product_id, noon):
    with act_as(asked.scope):
        give(asked, noon, product_id=product_id)
        assert status(asked, noon, product_id=product_id) == "granted"
        # A mail about two products asks without naming one.
        assert status(asked, noon) == "none"


def test_a_topic_is_refused_and_allowed_again_without_touching_the_others(asked, noon):
    with act_as(asked.scope):
        heart = actions.add_topic("Heart failure", at=noon).id
        asthma = actions.add_topic("Asthma", at=noon).id
        give(asked, noon - 9 * DAY)
        take(asked, noon - 5 * DAY, purpose="promotion", topic_id=heart)
        assert status(asked, noon, product_id=heart) == "withdrawn"
        assert status(asked, noon, product_id=asthma) == "granted"
        assert status(asked, noon) == "withdrawn", "a mail about no known topic may be about this"
        give(asked, noon - DAY, topic_id=heart)
        assert status(asked, noon, product_id=heart) == "granted"
        assert status(asked, noon) == "granted"


def test_words_about_one_topic_permit_that_topic_and_nothing_else(asked, noon):
    with act_as(asked.scope):
        heart = actions.add_topic("Heart failure", at=noon).id
        asthma = actions.add_topic("Asthma", at=noon).id
        words(noon, topics=[heart])
        give(asked, noon, topic_id=heart)
        for wrong in ({"topic_id": asthma}, {}):
            with pytest.raises(UserError, match="does not show this"):
                give(asked, noon, **wrong)
        assert status(asked, noon, product_id=heart) == "granted"
        assert status(asked, noon, product_id=asthma) == "none"
        assert status(asked, noon) == "none"


@pytest.mark.parametrize(
    ("shown", "given"),
    [
        ({"channels": ["email"]}, {"channel": "phone"}),
        ({"purposes": ["education"]}, {"purpose": "promotion"}),
    ],
)
def test_a_permission_for_what_the_words_did_not_show_is_refused(asked, noon, shown, given):
    with act_as(asked.scope):
        words(noon, **shown)
        with pytest.raises(UserError, match="does not show this"):
            give(asked, noon, **given)


def test_an_imported_permission_for_what_its_words_did_not_show_is_none(asked, noon):
    with act_as(asked.scope):
        give(asked, noon, channel="phone")
        assert status(asked, noon, channel="phone") == "granted"
        words(noon, channels=["email"])
        assert status(asked, noon, channel="phone") == "none"


@pytest.mark.parametrize(
    "other",
    [
        {"channel": "phone"},
        {"purpose": "medical"},
        {"purpose": "education"},
        {"purpose": "event"},
        {"purpose": "disclosure"},
    ],
)
def test_a_permission_is_for_its_channel_and_purpose_and_no_other(asked, noon, other):
    with act_as(asked.scope):
        give(asked, noon)
        assert status(asked, noon) == "granted"
        assert status(asked, noon, **other) == "none"


def test_a_permission_to_one_company_is_none_to_another_of_the_same_group(asked, noon):
    with act_as(asked.scope):
        sister = add_legal_entity(name="Halden GmbH", country="DE", postal_address="1 Weg", at=noon)
        give(asked, noon)
        found = reads.state_as_of(asked.hcp_id, sister.id, "email", "promotion", noon)
        assert found.status == "none"


def test_words_for_two_companies_say_both_names(asked, noon):
    with act_as(asked.scope):
        sister = add_legal_entity(name="Halden GmbH", country="DE", postal_address="1 Weg", at=noon)
        both = Shown(controllers=[asked.controller_id, sister.id])
        given = {"country": "US", "language": "en", "shown": both, "at": noon}
        with pytest.raises(UserError, match="does not say Halden GmbH"):
            actions.stage_wording(version="j-1", text="May Halden Pharma Inc write?", **given)
        text = "May Halden Pharma Inc and Halden GmbH write to you?"
        assert len(actions.stage_wording(version="j-1", text=text, **given).controllers) == 2


def test_proof_of_a_permission_says_who_when_how_and_under_which_words(asked, noon):
    with act_as(asked.scope):
        words(noon - 9 * DAY)
        made = give(asked, noon - DAY, proof_ref="form 17")
        kept = Capture.objects.get(id=made.id)
        assert (kept.wording_version, kept.captured_at) == ("US-1", noon - DAY)
        assert (kept.source, kept.method, kept.proof_ref) == ("congress", "form", "form 17")
        assert (kept.actor_id, kept.country) == (asked.scope.actor_id, "US")
        assert take(asked, noon, reason="too many").reason == "too many"


# Proof, zones, defaults, stops.


def test_a_permission_without_proof_that_an_import_brought_is_none(asked, noon):
    with act_as(asked.scope):
        Capture.objects.create(
            org_id=asked.scope.org_id, hcp_id=asked.hcp_id, controller_id=asked.controller_id,
            channel="email", purpose="promotion", source="import", method="import", proof_ref="",
            captured_at=noon,
        )  # fmt: skip
        assert status(asked, noon) == "none"


def test_the_last_day_ends_at_midnight_where_the_person_is_and_not_where_we_are(asked, noon):
    with act_as(asked.scope):
        tokyo = add_hcp(family_name="Asa", given_name="Rei", country="JP", at=noon)
        tokyo.time_zone = "Asia/Tokyo"
        tokyo.save(update_fields=["time_zone"])
        there = type(asked)(asked.scope, tokyo.id, asked.controller_id, "")
        give(there, noon - 30 * DAY, expires_on=date(2026, 11, 18))
        # Midnight of 18 November in Tokyo is 15:00 UTC of the same day.
        assert status(there, datetime(2026, 11, 18, 14, 59, tzinfo=UTC)) == "granted"
        assert status(there, datetime(2026, 11, 18, 15, 0, tzinfo=UTC)) == "expired"


def test_in_a_strict_country_a_permission_for_e_mail_ends_after_twelve_months(moved, asked, noon):
    with act_as(asked.scope):
        words(noon, country="DE", language="de", version="DE-1")
        assert give(moved, noon, wording_version="DE-1").expires_on == date(2027, 11, 20)
        assert (
            give(moved, noon, wording_version="DE-1", channel="phone", purpose="event").expires_on
            is None
        )
        assert give(asked, noon).expires_on is None
        actions.set_country_rule(
            country="US",
            channel="email",
            keeps_months=24,
            needs_own_wording=True,
            needs_confirmation=False,
            at=noon,
        )
        assert give(asked, noon).expires_on == date(2028, 11, 20)


def test_a_later_permission_takes_the_place_of_an_earlier_one_with_its_last_day(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - 9 * DAY, expires_on=(noon + 90 * DAY).date())
        give(asked, noon - 5 * DAY, expires_on=(noon - 2 * DAY).date())
        assert status(asked, noon) == "expired"
        marked = [row.superseded for row in reads.history(asked.hcp_id) if row.kind == "capture"]
        assert marked == [False, True]


@pytest.mark.parametrize("channel", ["email", "phone", "in_person", "post"])
@pytest.mark.parametrize(("kind", "seen"), [("stop", "withdrawn"), ("never", "never")])
def test_a_stop_beats_every_permission_on_every_channel(asked, noon, channel, kind, seen):
    with act_as(asked.scope):
        actions.suppress(asked.hcp_id, "asked", noon - DAY, kind=kind)
        give(asked, noon, channel=channel, purpose="medical")
        assert status(asked, noon, channel=channel, purpose="medical") == seen

"""A meal becomes transfers of value; the thresholds of its year decide what is reported."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from entente.disclosures import reads
from entente.disclosures.actions import capture_transfers
from entente.disclosures.models import TransferOfValue
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.facts import Act, gather
from entente.foundation.models import LedgerEntry
from entente.policy.reads.parameters import NoFigure

pytestmark = pytest.mark.feature("disclosures/open-payments")


def standings(world, year=2026, **narrowed):
    with act_as(world.cast.scope(Role.COMPLIANCE)):
        rows = list(reads.transfers(year, **narrowed).order_by("made_on", "id"))
        reads.judge(rows, reads.thresholds(year))
        return [(row.amount_minor, row.reportable, row.reason) for row in rows]


def test_a_meal_becomes_one_transfer_per_hcp_who_partook(world):
    one, other = world.hcp(), world.hcp()
    meal = world.captured(one, other, total_minor=9000, headcount=5)
    with act_as(world.cast.system()):
        made = list(TransferOfValue.objects.filter(source_id=meal.id))
        entries = LedgerEntry.objects.filter(verb="disclosures.transfer.captured")
        assert entries.filter(object_id__in=[row.id for row in made]).count() == 2
    assert {row.hcp_id for row in made} == {one, other}
    for row in made:
        assert (row.amount_minor, row.currency) == (1800, "USD")
        assert (row.nature, row.form) == ("Food and Beverage", "In-kind items and services")
        assert (row.reporter_id, row.recipient_type, row.outside) == (
            world.payer_id,
            "physician",
            "",
        )


def test_hearing_of_a_meal_twice_captures_it_once(world):
    meal = world.captured(world.hcp())
    with act_as(world.cast.system()):
        assert capture_transfers(meal.id, at=world.noon) == []
        assert TransferOfValue.objects.filter(source_id=meal.id).count() == 1


def test_small_transfers_are_reported_once_the_year_is_above_the_aggregate(world):
    hcp = world.hcp()
    for _ in range(13):
        world.captured(hcp, total_minor=1062)
    assert standings(world, hcp_id=hcp) == [(1062, False, "below")] * 13
    world.captured(hcp, total_minor=7, spent_on=date(2026, 3, 3))
    assert standings(world, hcp_id=hcp)[-1] == (7, False, "below")
    world.captured(hcp, total_minor=1, spent_on=date(2026, 3, 4))
    found = standings(world, hcp_id=hcp)
    assert [(reported, why) for _, reported, why in found] == [(True, "year")] * 15
    assert standings(world, hcp_id=hcp, standing="below") == []
    assert len(standings(world, hcp_id=hcp, standing="reportable")) == 15


def test_each_year_has_its_own_threshold_and_total(world):
    hcp = world.hcp()
    world.captured(hcp, total_minor=1346, spent_on=date(2025, 12, 31))
    world.captured(hcp, total_minor=1346, spent_on=date(2026, 1, 1))
    assert standings(world, 2025, hcp_id=hcp) == [(1346, True, "amount")]
    assert standings(world, 2026, hcp_id=hcp) == [(1346, False, "below")]


def test_what_open_payments_does_not_ask_for_says_why(world):
    pharmacist, employee = world.hcp(profession="pharmacist"), world.hcp(bona_fide_employee=True)
    nurse = world.hcp(profession="nurse_practitioner")
    world.captured(pharmacist, employee, nurse, total_minor=9000)
    assert standings(world, hcp_id=pharmacist) == [(3000, False, "recipient")]
    assert standings(world, hcp_id=employee) == [(3000, False, "employee")]
    assert standings(world, hcp_id=nurse) == [(3000, True, "amount")]
    world.captured(nurse, total_minor=900, spent_on=date(2020, 12, 31))
    assert standings(world, 2020, hcp_id=nurse) == [(900, False, "recipient")]
    world.captured(world.hcp("Elsewhere"), total_minor=9000, currency="EUR")
    assert standings(world, text="Elsewhere") == [(9000, False, "currency")]


def test_the_gate_knows_the_year_before_this_meal_captured_or_not(world):
    hcp = world.hcp()
    first = world.captured(hcp, total_minor=1000)
    world.meal(hcp, total_minor=200)
    with act_as(world.cast.scope(Role.REPRESENTATIVE)):
        facts = gather([Act(type="meal", at=world.noon, recipient_id=hcp)])[0]
        assert facts["tally.tov_year"] == 1200
        again = gather([Act(type="meal", at=world.noon, recipient_id=hcp, object_id=first.id)])[0]
        assert again["tally.tov_year"] == 200


def test_recipients_are_ordered_by_total_with_their_distance(world):
    low, near, above = world.hcp("Low"), world.hcp("Near"), world.hcp("Above")
    for hcp, total in ((low, 1000), (near, 13_000), (above, 14_000)):
        world.captured(hcp, total_minor=total)
    with act_as(world.cast.scope(Role.FINANCE)):
        found = {row.hcp_id: row for row in reads.recipients(2026)}
        assert [found[h].left_cents for h in (low, near, above)] == [12_813, 813, 0]
        assert [found[h].is_above for h in (low, near, above)] == [False, False, True]
        assert {row.hcp_id for row in reads.recipients(2026, near_only=True)} & {
            low,
            near,
            above,
        } == {near}


def test_months_add_up_to_what_is_in_scope(world):
    hcp = world.hcp()
    world.captured(hcp, total_minor=5000, spent_on=date(2024, 2, 3))
    world.captured(hcp, total_minor=100, spent_on=date(2024, 4, 3))
    with act_as(world.cast.scope(Role.COMPLIANCE)):
        found = reads.months(2024)
    assert (found["Reportable"][1], found["Below the thresholds"][3]) == (5000, 100)
    assert sum(map(sum, found.values())) == 5100


def test_a_year_without_published_thresholds_is_named(world):
    with (
        act_as(world.cast.scope(Role.COMPLIANCE)),
        pytest.raises(NoFigure, match="no value on 2012"),
    ):
        reads.thresholds(2012)


@pytest.mark.promise("P1")
def test_another_organisation_sees_no_transfer(world):
    meal = world.captured(world.hcp())
    with act_as(world.cast.system(world.cast.partner)):
        assert not TransferOfValue.objects.filter(source_id=meal.id).exists()
    with act_as(world.cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        reads.transfers(2026)


def test_a_transfer_is_never_changed(world):
    meal = world.captured(world.hcp())
    with act_as(world.cast.system()):
        for statement in ("UPDATE %s SET amount_minor = 1", "DELETE FROM %s"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement % "disclosures_transferofvalue")
        assert TransferOfValue.objects.get(source_id=meal.id).amount_minor == 1000


def test_the_pages_tell_amount_standing_and_reason(world):
    hcp = world.hcp("Pagewoman")
    world.captured(hcp, total_minor=13_000)
    world.captured(world.hcp("Smallman"), total_minor=900)
    client = world.sign_in(Role.COMPLIANCE)
    page = client.get("/disclosures/?year=2026&q=Pagewoman").content.decode()
    assert "$130.00" in page
    assert "At or above the small threshold" in page
    assert "$13.82" in page
    assert (
        "Small, and the recipient"
        in client.get("/disclosures/?year=2026&q=Smallman").content.decode()
    )
    assert (
        "$8.13 left" in client.get("/disclosures/recipients/?year=2026&near=yes").content.decode()
    )
    assert "Pagewoman" in client.get("/").content.decode()
    text = client.get("/disclosures/?year=2026&q=Pagewoman&export=csv").content.decode()
    assert "130.00,USD,Food and Beverage" in text
    assert client.get("/disclosures/?year=2012").status_code == 404
    assert world.sign_in(Role.REPRESENTATIVE).get("/disclosures/").status_code == 403


def test_a_program_reads_transfers_and_thresholds(world):
    hcp = world.hcp()
    world.captured(hcp, total_minor=13_000)
    client = world.sign_in(Role.FINANCE)
    rows = client.get(f"/api/disclosures/transfers?year=2026&hcp_id={hcp}").json()["items"]
    assert [(row["amount_minor"], row["reportable"], row["reason"]) for row in rows] == [
        (13_000, True, "amount")
    ]
    one = client.get(f"/api/disclosures/transfers/{rows[0]['id']}").json()
    assert one == rows[0]
    limits = client.get("/api/disclosures/thresholds?year=2026").json()
    assert (limits["small_cents"], limits["aggregate_cents"]) == (1382, 13813)
    found = client.get("/api/disclosures/recipients?year=2026&near=true").json()
    assert str(hcp) in {row["hcp_id"] for row in found}
    assert client.get("/api/disclosures/transfers").status_code == 422

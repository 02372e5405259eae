"""One result for all parties of a campaign, and none for anybody else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.models import LedgerEntry
from entente.measurement import reads

pytestmark = pytest.mark.feature("measurement/kpi-dictionary")


def measured(found):
    return {kpi.id: value for kpi, value in found.measures}


def test_the_result_counts_the_sends_of_all_parties(world):
    world.sends(40, "sent")
    world.sends(20, "sent", organisation=world.cast.partner, response="opt_out")
    world.sends(15, "forbidden", ["PG-CONS-1", "PG-FREQ-1"])
    world.sends(25, "referred", ["PG-TRN-1"])
    for scope in world.both:
        with act_as(scope):
            found = reads.result(world.campaign_id)
        assert (found.numbers["asked"], found.numbers["delivered"]) == (100, 60)
        assert found.numbers["opt_outs"] == 20
        assert [(one.rule_id, one.n) for one in found.reasons] == [
            ("PG-TRN-1", 25),
            ("PG-CONS-1", 15),
        ]
        assert measured(found)["opt_out_rate"] == Fraction(1, 3)
        assert measured(found)["cost_per_delivered"] == Fraction(500_001, 60)
        assert [side.actual_minor for side in found.costs] in (
            [250_001, 250_000],
            [250_000, 250_001],
        )


def test_small_numbers_are_hidden_with_whatever_tells_them(world):
    world.sends(80, "sent")
    world.sends(5, "forbidden", ["PG-CONS-1"])
    world.sends(30, "referred", ["PG-TRN-1"])
    with act_as(world.both[0]):
        found = reads.result(world.campaign_id)
    assert found.numbers["forbidden"] is None
    assert found.numbers["referred"] is None
    assert {one.n for one in found.reasons} == {None}
    assert found.numbers["asked"] == 115
    assert found.is_hidden


def test_a_small_reason_does_not_follow_from_what_was_forbidden_in_all(world):
    world.sends(134, "sent")
    world.sends(40, "forbidden", ["PG-CONS-1"])
    world.sends(6, "forbidden", ["PG-STOP-1"])
    world.sends(22, "referred", ["PG-TRN-1"])
    with act_as(world.both[0]):
        found = reads.result(world.campaign_id)
    shown = {one.rule_id: one.n for one in found.reasons}
    assert shown["PG-STOP-1"] is None
    assert shown["PG-CONS-1"] is None or found.numbers["forbidden"] is None


def test_a_hidden_delivery_hides_its_cost_each(world):
    world.sends(4, "sent")
    with act_as(world.both[1]):
        found = reads.result(world.campaign_id)
    assert found.numbers["delivered"] is None
    assert found.numbers["asked"] is None
    assert measured(found)["cost_per_delivered"] is None
    assert found.cost_minor == 500_001


@pytest.mark.promise("P1")
def test_a_stranger_gets_nothing_not_even_from_the_database(world):
    world.sends(40, "sent")
    strangers = (world.cast.stranger, world.cast.society)
    for organisation in strangers:
        with act_as(world.cast.scope(Role.PARTNER_MARKETER, organisation)):
            with pytest.raises(ObjectDoesNotExist):
                reads.result(world.campaign_id)
            with connection.cursor() as cursor:
                for function in ("measurement_sends", "measurement_responses"):
                    cursor.execute(f"SELECT * FROM app.{function}(%s)", [world.campaign_id])
                    assert cursor.fetchall() == []


def test_a_role_without_results_reads_none(world):
    with act_as(world.cast.scope(Role.STEWARD)), pytest.raises(OutOfScope):
        reads.result(world.campaign_id)


@pytest.mark.promise("P2")
def test_both_parties_get_the_same_bytes_and_a_stranger_what_does_not_exist_gets(world):
    world.sends(60, "sent", response="opt_out")
    world.sends(7, "refused")
    world.sends(90, "forbidden", ["PG-STOP-1"], organisation=world.cast.partner)
    path = f"/api/measurement/campaigns/{world.campaign_id}/result"
    host = world.sign_in(Role.BRAND_LEAD).get(path)
    partner = world.sign_in(Role.PARTNER_MARKETER, world.cast.partner).get(path)
    assert host.status_code == 200
    assert host.content == partner.content
    stranger = world.sign_in(Role.PARTNER_MARKETER, world.cast.stranger)
    nothing = f"/api/measurement/campaigns/{world.version_id}/result"
    assert stranger.get(path).content == stranger.get(nothing).content
    assert stranger.get(path).status_code == 404
    page = f"/campaigns/{world.campaign_id}/results/"
    assert stranger.get(page).status_code == 404
    texts = [
        world.sign_in(role, organisation).get(f"{page}?export=csv").content
        for role, organisation in (
            (Role.BRAND_LEAD, world.cast.host),
            (Role.PARTNER_MARKETER, world.cast.partner),
        )
    ]
    assert texts[0] == texts[1]
    assert b"not shown" in texts[0]
    with act_as(world.cast.system()):
        assert LedgerEntry.objects.filter(verb="measurement.result.exported").exists()


def test_the_page_shows_measures_reasons_cost_and_what_is_hidden(world):
    world.sends(60, "sent", response="opt_out")
    world.sends(90, "forbidden", ["PG-STOP-1"])
    world.sends(5, "refused")
    client = world.sign_in(Role.BRAND_LEAD)
    page = client.get(f"/campaigns/{world.campaign_id}/results/").content.decode()
    assert "A stop is a stop everywhere" in page
    assert "Small numbers are not shown" in page
    assert "$5,000.01" in page
    assert "Northlake Health System" in page
    assert "From asked to delivered" in page


def test_a_campaign_without_sends_says_so(world):
    client = world.sign_in(Role.PARTNER_MARKETER, world.cast.partner)
    page = client.get(f"/campaigns/{world.campaign_id}/results/")
    assert b"Nothing has been sent yet" in page.content


def test_the_dictionary_says_formula_unit_and_owner(world):
    client = world.sign_in(Role.FINANCE)
    page = client.get("/measures/").content.decode()
    assert "delivered / permitted" in page
    rows = client.get("/api/measurement/measures").json()
    assert all(row["formula"] and row["unit"] and row["owner"] and row["source"] for row in rows)

"""Licences: as of the day of the act, an end stops what it allowed, nothing is rewritten."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from entente.directory import actions
from entente.directory.models import Licence
from entente.directory.reads import licences as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act, gather
from tests.registry_rows import npi_of

pytestmark = pytest.mark.feature("directory/hcp-types")
LAST = date(2026, 12, 31)


@pytest.fixture
def doctor(cast, noon):
    """A physician whom the registry names licensed in Connecticut."""
    with act_as(cast.system()):
        made = actions.add_hcp(
            family_name="Person", given_name="Test", country="US", us_state="CT", npi=npi_of(7),
            profession="physician", licence_active=True, licence_state="CT", at=noon,
        )  # fmt: skip
        type(made).objects.filter(id=made.id).update(licence_states=["CT"])
    return made


def facts(doctor, day):
    act = Act("email", datetime(day.year, day.month, day.day, 12, tzinfo=UTC), doctor.id)
    found = gather([act])[0]
    return found["recipient.licence_active"], found["recipient.us_licence_states"]


def test_without_entered_licences_the_facts_are_the_registrys(cast, doctor):
    with act_as(cast.system()):
        assert facts(doctor, LAST) == (True, ["CT"])


def test_a_licence_counts_to_its_last_day_and_no_longer(cast, doctor, noon):
    with act_as(cast.system()):
        actions.add_licence(
            doctor.id, country="US", region="CT", number="L7", from_on=date(2025, 1, 1),
            expires_on=LAST, at=noon,
        )  # fmt: skip
        assert facts(doctor, LAST) == (True, ["CT"])
        assert facts(doctor, LAST + timedelta(days=1)) == (False, None)
        assert facts(doctor, date(2024, 12, 31)) == (False, None)


def test_another_states_licence_keeps_a_person_active(cast, doctor, noon):
    with act_as(cast.system()):
        actions.add_licence(
            doctor.id, country="US", region="NY", number="N1", expires_on=LAST, at=noon
        )
        assert facts(doctor, LAST) == (True, ["CT", "NY"])
        after = LAST + timedelta(days=1)
        assert facts(doctor, after) == (True, ["CT"]), "the registry still names Connecticut"
        actions.add_licence(
            doctor.id, country="US", region="CT", number="L7", expires_on=LAST, at=noon
        )
        assert facts(doctor, after) == (False, None)


def test_what_allows_to_prescribe_is_no_licence_to_practise(cast, doctor, noon):
    with act_as(cast.system()):
        actions.add_licence(
            doctor.id, country="US", region="CT", number="D1", kind="prescribe",
            expires_on=LAST, at=noon,
        )  # fmt: skip
        assert facts(doctor, LAST + timedelta(days=1)) == (True, ["CT"])


def test_a_suspension_holds_from_its_day_and_a_renewal_follows_the_last_day(cast, doctor, noon):
    with act_as(cast.system()):
        held = actions.add_licence(
            doctor.id, country="US", region="CT", number="L7", from_on=date(2025, 1, 1),
            expires_on=LAST, at=noon,
        )  # fmt: skip
        actions.renew_licence(held.id, expires_on=date(2027, 12, 31), at=noon)
        assert facts(doctor, date(2027, 6, 1)) == (True, ["CT"])
        out = actions.change_licence_status(
            held.id, status="suspended", on=date(2026, 12, 1), at=noon
        )
        assert facts(doctor, date(2026, 11, 30)) == (True, ["CT"])
        assert facts(doctor, date(2026, 12, 1)) == (False, None)
        actions.change_licence_status(out.id, status="active", on=date(2026, 12, 20), at=noon)
        assert facts(doctor, date(2026, 12, 20)) == (True, ["CT"])
        states = [(r.status, r.from_on) for r in reads.licences_of(doctor.id)]
        assert len(states) == 4


def test_what_cannot_be_is_named(cast, doctor, noon):
    with act_as(cast.system()):
        held = actions.add_licence(
            doctor.id, country="US", region="CT", number="L7", expires_on=LAST, at=noon
        )
        for change, words in (
            ({"country": "ZZ"}, "two capitals"),
            ({"number": " "}, "number"),
            ({"status": "fine"}, "Choose one of"),
            ({"from_on": LAST, "expires_on": LAST - timedelta(days=1)}, "before its first"),
            ({}, "state on some of these days"),
        ):
            given = {"country": "US", "region": "CT", "number": "L7", "at": noon} | change
            with pytest.raises(UserError, match=words):
                actions.add_licence(doctor.id, **given)
        with pytest.raises(UserError, match="already"):
            actions.change_licence_status(held.id, status="active", on=LAST, at=noon)
        with pytest.raises(UserError, match="later day"):
            actions.renew_licence(held.id, expires_on=LAST, at=noon)


HEAD = "npi,country,state,number,kind,status,from_on,expires_on,verified_on\n"


def test_a_file_of_licences_is_loaded_once_and_gives_known_ones_their_end(
    cast, doctor, noon, tmp_path
):
    path, refused = tmp_path / "licences.csv", tmp_path / "refused.csv"
    row = f"{npi_of(7)},US,CT,L7,,active,2025-01-01,,2026-11-01"
    with act_as(cast.system()):
        path.write_text(HEAD + row + "\n", encoding="utf-8")
        first = actions.import_licences(path, at=noon)
        again = actions.import_licences(path, at=noon)
        ended = row.replace("2025-01-01,,", "2025-01-01,2026-06-30,")
        more = [
            ended,
            f"{npi_of(7)},US,CT,L7,,revoked,2026-07-01,,",
            f"{npi_of(7)},US,CT,L7,,active,2026-08-01,,",
            f"{npi_of(8)},US,CT,L8,,active,,,",
            f"{npi_of(7)},US,,L9,,active,,,",
            f"{npi_of(7)},DE,,L9,,active,2026-02-01,2026-01-01,",
        ]
        path.write_text(HEAD + "\n".join(more) + "\n", encoding="utf-8")
        third = actions.import_licences(path, at=noon, refused_path=refused)
        assert facts(doctor, date(2026, 6, 30)) == (True, ["CT"])
        assert facts(doctor, date(2026, 7, 15)) == (False, None)
    assert (first.new, again.unchanged) == (1, 1)
    assert (third.changed, third.new, third.refused) == (1, 0, 5)
    told = refused.read_text(encoding="utf-8")
    assert "another state" in told and "Name the state" in told


def test_licences_are_entered_and_changed_on_the_persons_page(cast, doctor, client):
    client.force_login(cast.user(Role.STEWARD))
    at = f"/hcps/{doctor.id}/"
    given = {"country": "us", "region": "ct", "number": "L7", "kind": "practise",
             "status": "active", "expires_on": "2030-01-31"}  # fmt: skip
    assert client.post(at + "licences/new/", given).status_code == 302
    assert client.post(at + "licences/new/", given).status_code == 422
    page = client.get(at).content.decode()
    assert "Active today" in page and "CT L7" in page
    with act_as(cast.system()):
        held = Licence.objects.get()
    change = f"{at}licences/{held.id}/"
    client.post(change, {"status": "renewed", "on": "2031-01-31"})
    client.post(change, {"status": "suspended", "on": "2026-01-05"})
    client.post(change, {"status": "suspended", "on": ""})
    assert "Suspended" in client.get(at).content.decode()
    client.force_login(cast.user(Role.REPRESENTATIVE))
    assert "Enter a licence" not in client.get(at).content.decode()
    assert client.post(at + "licences/new/", given).status_code == 403


def test_a_program_enters_suspends_and_renews(cast, doctor, client):
    client.force_login(cast.user(Role.STEWARD))
    root = "/api/directory"

    def post(address, body):
        return client.post(root + address, json.dumps(body), content_type="application/json")

    given = {"country": "US", "region": "CT", "number": "L7", "expires_on": "2030-01-31"}
    made = post(f"/hcps/{doctor.id}/licences", given)
    assert made.status_code == 201
    assert post(f"/hcps/{doctor.id}/licences", given).status_code == 422
    at = f"/licences/{made.json()['id']}"
    assert post(at + "/renewal", {"expires_on": "2031-01-31"}).status_code == 201
    assert post(at + "/status", {"status": "revoked", "on": "2029-01-01"}).status_code == 201
    assert len(client.get(f"{root}/hcps/{doctor.id}/licences").json()) == 3

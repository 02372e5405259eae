"""Colleagues: accounts, roles and training by page and API; partners are invited by the host."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from entente.foundation import organisations
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as, signing_in
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, Organisation, RoleGrant, User

JSON = "application/json"
NEW = {"name": "Nell Newcomer", "email": "Nell@Halden.test", "title": "Rep", "role": "msl"}


def made_by_page(client, **changes):
    return client.post("/people/new/", {**NEW, **changes}, follow=True)


def the_user(email):
    with signing_in():
        return User.objects.select_related("org").get(email=email)


def test_an_administrator_makes_an_account_and_its_person_has_the_role(browser, cast):
    page = made_by_page(browser(Role.ADMINISTRATOR))
    assert "The account is there" in page.text
    user = the_user("nell@halden.test")
    assert not user.has_usable_password()
    assert organisations.scope_of_user(user.id, name="test").roles == {Role.MSL}
    assert "Nell Newcomer" in browser(Role.COMPLIANCE).get("/people/?role=msl").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "no address"}, "valid email"),
        ({"email": "msl@halden.test"}, "has an account already"),
        ({"email": "partner_seller@northlake.test"}, "has an account already"),
        ({"role": "partner_seller"}, "valid choice"),
        ({"name": " "}, "required"),
    ],
)
def test_what_is_wrong_with_a_new_account_stands_at_its_field(browser, changes, said):
    page = made_by_page(browser(Role.ADMINISTRATOR), **changes)
    assert page.status_code == 422
    assert said in page.text


def test_a_role_is_given_and_taken_and_both_are_recorded(browser, cast, noon):
    client, user = browser(Role.ADMINISTRATOR), cast.user(Role.FINANCE)
    given = client.post(f"/people/{user.id}/roles", {"role": "steward"}, follow=True)
    assert "Data steward" in given.text
    assert client.post(f"/people/{user.id}/roles", {"role": "steward"}).status_code == 422
    client.post(f"/people/{user.id}/roles/take", {"role": "steward"})
    assert cast.scope(Role.FINANCE).roles == {Role.FINANCE}
    with act_as(cast.system()):
        verbs = LedgerEntry.objects.filter(object_id=user.id).values_list("verb", flat=True)
        assert {"foundation.role.granted", "foundation.role.revoked"} <= set(verbs)
        assert RoleGrant.objects.filter(user=user, role="steward").get().revoked_at


def test_nobody_takes_the_last_key_from_himself(browser, cast):
    client, me = browser(Role.ADMINISTRATOR), cast.user(Role.ADMINISTRATOR)
    answer = client.post(f"/people/{me.id}/roles/take", {"role": "administrator"})
    assert answer.status_code == 422
    assert "colleague" in answer.text


def test_a_course_is_recorded_and_counts_from_that_day(browser, cast):
    client, today = browser(Role.ADMINISTRATOR), datetime.now(UTC).date()
    made_by_page(client)
    user = the_user("nell@halden.test")
    assert "No valid training" in client.get(f"/people/{user.id}/").text
    course = {"course": "Codes", "completed_on": today, "valid_until": today + timedelta(days=365)}
    assert "Training valid" in client.post(
        f"/people/{user.id}/training", course, follow=True
    ).text  # fmt: skip
    late = {**course, "valid_until": today - timedelta(days=1)}
    wrong = client.post(f"/people/{user.id}/training", late)
    assert wrong.status_code == 422
    assert "after its completion" in wrong.text


@pytest.mark.promise("P2")
def test_no_organisation_sees_or_manages_the_people_of_another(browser, program, cast):
    theirs = cast.user(Role.PARTNER_SELLER, cast.partner)
    client = browser(Role.ADMINISTRATOR)
    one, other = client.get(f"/people/{theirs.id}/"), client.get(f"/people/{uuid4()}/")
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert client.post(f"/people/{theirs.id}/roles", {"role": "msl"}).status_code == 404
    partner = browser(Role.PARTNER_ADMINISTRATOR, cast.partner)
    listed = partner.get("/people/").text
    assert "Northlake" in listed
    assert "Halden" not in listed.split("<main")[1]
    assert partner.get("/people/partners/new/").status_code == 403
    assert program(Role.REPRESENTATIVE).get("/api/people").status_code == 403


def test_a_partner_is_brought_in_and_its_administrator_invited(browser, cast):
    client = browser(Role.ADMINISTRATOR)
    partner = {"name": "Eastbay Clinics", "kind": "health_system", "country": "us",
               "time_zone": "America/New_York"}  # fmt: skip
    page = client.post("/people/partners/new/", partner, follow=True)
    assert "Invite somebody of Eastbay Clinics" in page.text
    with signing_in():
        made = Organisation.objects.get(name="Eastbay Clinics")
    person = {"name": "Eve Bay", "email": "eve@eastbay.test", "role": "partner_administrator"}
    client.post(f"/people/partners/{made.id}/invite/", person)
    user = the_user("eve@eastbay.test")
    assert (user.org_id, user.time_zone) == (made.id, "America/New_York")
    again = client.post("/people/partners/new/", partner)
    assert again.status_code == 422
    assert "is there already" in again.text
    administrator = cast.user(Role.ADMINISTRATOR).id
    with act_as(cast.system(made)):
        added = LedgerEntry.objects.get(verb="foundation.user.added", object_id=user.id)
        assert added.actor_id == administrator


def test_only_the_host_invites_into_a_partner(cast, noon):
    with (
        act_as(cast.scope(Role.PARTNER_ADMINISTRATOR, cast.partner)),
        pytest.raises(OutOfScope),
    ):
        organisations.invite_partner(
            cast.society.id, email="a@b.test", name="A", title="", at=noon,
            role=Role.PARTNER_SELLER,
        )  # fmt: skip


def test_a_role_of_the_other_kind_of_organisation_is_refused(cast, noon):
    seller = cast.user(Role.PARTNER_SELLER, cast.partner)
    with act_as(cast.scope(Role.PARTNER_ADMINISTRATOR, cast.partner)), pytest.raises(UserError):
        organisations.grant_role(seller, Role.COMPLIANCE, at=noon)


def test_a_program_does_what_the_pages_do(program, cast):
    api = program(Role.ADMINISTRATOR)

    def post(path, body):
        return api.post(f"/api/{path}", json.dumps(body), content_type=JSON)

    made = post("people", NEW)
    assert made.status_code == 201, made.text
    address = f"people/{made.json()['id']}"
    assert post(f"{address}/roles", {"role": "steward"}).json()["roles"] == ["msl", "steward"]
    assert api.delete(f"/api/{address}/roles/steward").json()["roles"] == ["msl"]
    course = {"course": "Codes", "completed_on": "2026-01-01", "valid_until": "2030-01-01"}
    assert post(f"{address}/trainings", course).json()["is_trained"] is True
    assert api.get(f"/api/{address}").json()["trainings"][0]["course"] == "Codes"
    partner = post("partners", {"name": "Westbay", "kind": "payer", "country": "US"}).json()
    invited = {**NEW, "email": "w@west.test", "role": "partner_marketer"}
    assert post(f"partners/{partner['id']}/people", invited).status_code == 201
    names = [p["name"] for p in api.get("/api/people?limit=200").json()["items"]]
    assert names.count("Nell Newcomer") == 1

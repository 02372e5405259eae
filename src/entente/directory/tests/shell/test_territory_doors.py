"""Territories by page, program and command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from entente.directory import actions
from entente.directory.actions import Ground
from entente.directory.commands_territories import territories as command
from entente.directory.models import Territory, TerritoryChallenge, TerritoryMember
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("directory/territories")


@pytest.fixture
def today():
    """The day on which the pages are opened; they read the clock."""
    return datetime.now(UTC).date()


@pytest.fixture
def world(cast, today):
    """Thirty people in two states, one territory that covers one of them."""
    at, rep = datetime.now(UTC), cast.user(Role.REPRESENTATIVE)
    with act_as(cast.system()):
        people = [
            actions.add_hcp(
                family_name=f"Person{n:02}", given_name="Test", country="US",
                us_state="CT" if n < 20 else "MA", postal_code=f"0610{n % 10}",
                profession="physician", specialty="Cardiology", at=at,
            )
            for n in range(30)
        ]  # fmt: skip
        made = actions.add_territory(
            "Hartford", "Cardio", "geographic", Ground(states=("CT",)), from_on=today, at=at
        )
        actions.assign_representative(made.id, rep.id, from_on=today, at=at)
        actions.align_territories(as_of=today, at=at)
    return made, people


def test_the_map_the_list_and_one_territory_open(cast, world, client):
    made, people = world
    client.force_login(cast.user(Role.BRAND_LEAD))
    page = client.get("/territories/").content.decode()
    assert "CT: 20 of 20 covered" in page and "Representative of Halden" in page
    one = client.get(f"/territories/{made.id}/").content.decode()
    assert "Person00" in one and "Person25" not in one
    gaps = client.get("/territories/cover/?view=white&state=MA").content.decode()
    assert "Person25" in gaps and "Person00" not in gaps
    for view, words in (("double", "Nobody is covered twice"), ("joint", "Who agreed to compare")):
        shown = client.get(f"/territories/cover/?view={view}").content.decode()
        assert words in shown and 'aria-current="page"' in shown.split("Gaps and overlaps")[-1]
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    past = client.get(f"/territories/{made.id}/?on={yesterday}").content.decode()
    assert "Nobody is in this territory on this day" in past
    assert "Hartford" in client.get(f"/hcps/{people[0].id}/").content.decode()


def test_a_territory_is_made_changed_and_given_people_by_forms(cast, world, client, today):
    made, _ = world
    client.force_login(cast.user(Role.BRAND_LEAD))
    given = {"name": "Boston", "force": "Cardio", "kind": "geographic", "country": "us",
             "states": "MA, ZZ", "from_on": today}  # fmt: skip
    refused = client.post("/territories/new/", given)
    assert refused.status_code == 422 and "is no state" in refused.content.decode()
    assert client.post("/territories/new/", given | {"states": "ma"}).status_code == 302
    at = f"/territories/{made.id}/"
    assert "CT" in client.get(at + "rule/").content.decode()
    later = today + timedelta(days=3)
    given = {"country": "US", "zip_prefixes": "061 065", "from_on": later}
    assert client.post(at + "rule/", given).status_code == 302
    assert client.post(at + "rule/", given).status_code == 422
    user = cast.user(Role.MSL)
    assert client.post(at + "assign/", {"user": user.id}).status_code == 302
    assert user.name in client.get(at).content.decode()
    asked = client.post("/territories/align/", {"as_of": later})
    assert asked.status_code == 302
    assert "being computed" in client.get("/territories/").content.decode()
    out = {"npi": "0", "wanted": "remove", "reason": "retired"}
    client.post(at + "exception/", out)
    assert "Nobody in the directory has this NPI" in client.get(at).content.decode()


def test_a_representative_asks_on_the_persons_page_and_a_manager_accepts(cast, world, client):
    made, people = world
    client.force_login(cast.user(Role.REPRESENTATIVE))
    ask = f"/hcps/{people[25].id}/challenge/"
    assert "Ask for this person" in client.get(f"/hcps/{people[25].id}/").content.decode()
    given = {"territory": made.id, "wanted": "add", "reason": "Moved to Hartford"}
    assert client.post(ask, given).status_code == 302
    with act_as(cast.system()):
        asked = TerritoryChallenge.objects.get()
    decide = f"/challenges/{asked.id}/decide/"
    assert client.post(decide, {"verdict": "accept"}).status_code == 403
    client.force_login(cast.user(Role.STEWARD))
    assert "Moved to Hartford" in client.get("/territories/challenges/").content.decode()
    client.post(decide, {"verdict": "accept"})
    assert "Person25" in client.get(f"/territories/{made.id}/").content.decode()
    assert "Accepted" in client.get("/territories/challenges/?status=all").content.decode()


@pytest.mark.promise("P1")
def test_another_organisations_territory_answers_like_none(cast, world, client):
    made, people = world
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    assert client.get(f"/territories/{made.id}/").status_code == 404
    assert client.post(f"/territories/{made.id}/assign/", {}).status_code == 404
    assert client.get(f"/api/directory/territories/{made.id}").status_code == 404
    assert "No territory is made yet" in client.get("/territories/").content.decode()
    assert "Hartford" not in client.get(f"/hcps/{people[0].id}/").content.decode()


def test_a_program_makes_aligns_challenges_and_reads(cast, world, client, today):
    _, people = world
    root = "/api/directory"

    def post(address, body):
        return client.post(root + address, json.dumps(body), content_type="application/json")

    client.force_login(cast.user(Role.BRAND_LEAD))
    new = {"name": "Boston", "force": "Cardio", "kind": "geographic", "states": ["MA"],
           "from_on": today.isoformat()}  # fmt: skip
    boston = post("/territories", new)
    assert boston.status_code == 201
    assert post("/territories", new).status_code == 422
    assert post("/territories", new | {"colour": "red"}).status_code == 422
    assert len(client.get(f"{root}/white-space?limit=3&state=MA").json()["items"]) == 3
    asked = post("/alignments", {"as_of": today.isoformat()})
    assert asked.status_code == 202 and asked.json()["done_at"] is None
    with act_as(cast.system()):
        actions.do_alignment(asked.json()["id"], at=datetime.now(UTC))
    at = f"/territories/{boston.json()['id']}"
    assert len(client.get(f"{root}{at}/people").json()["items"]) == 10
    assert client.get(f"{root}/white-space").json()["items"] == []
    assert client.get(f"{root}/double-cover").json()["items"] == []
    assert client.get(f"{root}{at}/versions").json()[0]["states"] == ["MA"]
    moved = {"zip_prefixes": ["021"], "from_on": (today + timedelta(days=1)).isoformat()}
    assert post(f"{at}/versions", moved).status_code == 201
    out = {"hcp_id": str(people[25].id), "is_added": False, "reason": "retired",
           "from_on": today.isoformat()}  # fmt: skip
    assert post(f"{at}/exceptions", out).status_code == 201
    held = client.get(f"{root}{at}/exceptions").json()[0]
    assert client.delete(f"{root}/territory-exceptions/{held['id']}").status_code == 204
    mine = post(f"{at}/assignments",
                {"user_id": str(cast.user(Role.MSL).id), "from_on": today.isoformat()})  # fmt: skip
    assert client.delete(f"{root}/territory-assignments/{mine.json()['id']}").status_code == 204
    raised = post(
        f"{at}/challenges",
        {"hcp_id": str(people[0].id), "wanted": "add", "reason": "moved"},
    )
    assert raised.status_code == 201
    assert post(f"/challenges/{raised.json()['id']}/decision", {"accept": True}).status_code == 403
    assert client.get(f"{root}/challenges?status=open").json()["items"][0]["wanted"] == "add"
    assert client.put(f"{root}/joint-cover/{cast.partner.id}").status_code == 204
    assert client.get(f"{root}/joint-cover/{cast.partner.id}").json() == []
    assert client.delete(f"{root}/joint-cover/{cast.partner.id}").status_code == 204
    assert post(f"{at}/end", {}).status_code == 204
    assert len(client.get(f"{root}/alignments").json()["items"]) == 2


def test_the_command_counts_first_and_writes_then(cast, today):
    at = datetime.now(UTC)
    with act_as(cast.system()):
        actions.add_hcp(
            family_name="Person", given_name="Test", country="US", us_state="CT",
            profession="physician", at=at,
        )  # fmt: skip
        actions.add_territory(
            "Hartford", "Cardio", "geographic", Ground(states=("CT",)), from_on=today, at=at
        )
    dry = json.loads(CliRunner().invoke(command, ["align", "--dry-run", "--json"]).stdout)
    assert (dry["begun"], dry["members"]) == (1, 1)
    with act_as(cast.system()):
        assert not TerritoryMember.objects.exists()
    told = CliRunner().invoke(command, ["align"])
    assert told.exit_code == 0 and "1 began" in told.output
    assert CliRunner().invoke(command, ["align", "--on", "tomorrow"]).exit_code == 1
    assert CliRunner().invoke(command, ["align", "--on", "2001-01-01"]).exit_code == 1
    with act_as(cast.system()):
        assert Territory.objects.count() == 1

"""Hierarchies: families on a day, acquisitions that leave the past alone, no circles."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.directory import actions, reads
from entente.directory.models import Affiliation, HcoLink
from entente.directory.reads import hierarchy
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("directory/identity")

START, BOUGHT = date(2024, 1, 1), date(2026, 6, 1)


@pytest.fixture
def world(cast, noon):
    """Two chains; a hospital of the first, a group managed by it, a practice of the group."""
    with act_as(cast.system()):
        made = {
            name: actions.add_hco(name=name, country="US", kind="Hospital", at=noon)
            for name in (
                "Alder Health",
                "Birch Health",
                "Cedar Hospital",
                "Dune Group",
                "Elm Practice",
            )
        }
        for child, parent, kind in (
            ("Cedar Hospital", "Alder Health", "owned_by"),
            ("Dune Group", "Cedar Hospital", "managed_by"),
            ("Elm Practice", "Dune Group", "member_of"),
        ):
            actions.link_hcos(
                made[child].id, made[parent].id, kind=kind, from_on=START, at=noon, note="test"
            )
        person = actions.add_hcp(
            family_name="Person", given_name="Test", country="US", profession="physician", at=noon
        )
        actions.affiliate(person.id, made["Elm Practice"].id, from_on=START, at=noon)
    return {name.split()[0]: hco for name, hco in made.items()} | {"person": person}


def family(world, name, on):
    return {m.hco.name.split()[0] for m in reads.family_as_of(world[name].id, on)}


def test_an_acquisition_moves_the_family_from_its_day_and_leaves_the_past(cast, world, noon):
    with act_as(cast.system()):
        actions.acquire_hco(world["Cedar"].id, world["Birch"].id, on=BOUGHT, at=noon)
        before = BOUGHT - timedelta(days=1)
        assert family(world, "Alder", before) == {"Alder", "Cedar", "Dune", "Elm"}
        assert family(world, "Birch", before) == {"Birch"}
        assert family(world, "Alder", BOUGHT) == {"Alder"}
        assert family(world, "Birch", BOUGHT) == {"Birch", "Cedar", "Dune", "Elm"}
        assert reads.parent_as_of(world["Cedar"].id, before).name == "Alder Health"
        assert reads.parent_as_of(world["Cedar"].id, BOUGHT).name == "Birch Health"
        assert reads.parent_as_of(world["Cedar"].id, START - timedelta(days=1)) is None
        assert hierarchy.n_in_family(world["Birch"].id, BOUGHT) == (4, 1)
        line = [h.name.split()[0] for h in hierarchy.line_as_of(world["Elm"].id, BOUGHT)]
        assert line == ["Elm", "Dune", "Cedar", "Birch"]


def test_the_family_is_given_with_its_tree_and_the_people_of_the_day(cast, world, noon):
    with act_as(cast.system()):
        tree = reads.family_as_of(world["Alder"].id, START)
        assert [(m.hco.name.split()[0], m.depth, m.kind) for m in tree] == [
            ("Alder", 0, ""), ("Cedar", 1, "owned_by"), ("Dune", 2, "managed_by"),
            ("Elm", 3, "member_of"),
        ]  # fmt: skip
        assert [m.n_people for m in tree] == [0, 0, 0, 1]
        works = Affiliation.objects.get()
        actions.end_affiliation(works.id, on=BOUGHT, at=noon)
        assert len(hierarchy.people_as_of(world["Elm"].id, BOUGHT - timedelta(days=1))) == 1
        assert hierarchy.people_as_of(world["Elm"].id, BOUGHT) == []
        owned = reads.family_as_of(world["Alder"].id, START, kinds=("owned_by",))
        assert len(owned) == 2


def test_nothing_may_stand_above_itself_on_any_day(cast, world, noon):
    with act_as(cast.system()):
        for kind in HcoLink.Kind.values:
            with pytest.raises(UserError, match="above itself"):
                actions.link_hcos(
                    world["Alder"].id, world["Elm"].id, kind=kind, from_on=BOUGHT, at=noon
                )
        with pytest.raises(UserError, match="cannot belong to itself"):
            actions.link_hcos(
                world["Elm"].id, world["Elm"].id, kind="member_of", from_on=START, at=noon
            )
        # Before the first link began there is no circle.
        actions.link_hcos(
            world["Alder"].id, world["Elm"].id, kind="member_of",
            from_on=START - timedelta(days=90), to_on=START, at=noon,
        )  # fmt: skip


def test_a_second_owner_on_the_same_days_is_refused_with_the_remedy(cast, world, noon):
    with act_as(cast.system()):
        with pytest.raises(UserError, match="acquisition"):
            actions.link_hcos(
                world["Cedar"].id, world["Birch"].id, kind="owned_by", from_on=BOUGHT, at=noon
            )
        actions.link_hcos(
            world["Cedar"].id, world["Birch"].id, kind="member_of", from_on=BOUGHT, at=noon
        )
        with pytest.raises(UserError, match="recorded already"):
            actions.link_hcos(
                world["Cedar"].id, world["Birch"].id, kind="member_of", from_on=BOUGHT, at=noon
            )
        with pytest.raises(UserError, match="already"):
            actions.acquire_hco(world["Cedar"].id, world["Alder"].id, on=BOUGHT, at=noon)


def test_a_link_ends_once_and_an_entry_in_error_never_held(cast, world, noon):
    with act_as(cast.system()):
        link = HcoLink.objects.get(child=world["Cedar"])
        actions.end_hco_link(link.id, on=START, at=noon)
        assert reads.parent_as_of(world["Cedar"].id, START) is None
        with pytest.raises(UserError, match="ended already"):
            actions.end_hco_link(link.id, on=BOUGHT, at=noon)
        told = [change.words for change in hierarchy.changes_of(world["Cedar"].id)]
        assert "Entered in error: Owned by" in told


def test_the_database_rewrites_no_history(cast, world):
    for change in ("from_on = '2020-01-01'", "kind = 'member_of'", "parent_id = child_id"):
        with act_as(cast.system()):
            link = HcoLink.objects.get(child=world["Cedar"])
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE directory_hcolink SET {change} WHERE id = %s", [link.id])
    with act_as(cast.system()), pytest.raises(DatabaseError), transaction.atomic():
        HcoLink.objects.get(child=world["Cedar"]).delete()


def circle_on(links, day):
    """Tell, slowly and obviously, whether somebody stands above himself on a day."""
    above = {}
    for child, parent, begun, ended in links:
        if begun <= day and (ended is None or ended > day):
            above.setdefault(child, set()).add(parent)
    for start, direct in above.items():
        seen, todo = set(), list(direct)
        while todo:
            each = todo.pop()
            if each == start:
                return True
            if each not in seen:
                seen.add(each)
                todo += above.get(each, ())
    return False


@pytest.mark.parametrize("seed", range(4))
def test_links_are_refused_exactly_where_a_twin_finds_a_circle(cast, noon, seed):
    chance = random.Random(seed)
    with act_as(cast.system()):
        hcos = [
            actions.add_hco(name=f"H{n}", country="US", kind="Hospital", at=noon).id
            for n in range(5)
        ]
        held = []
        for _ in range(40):
            child, parent = chance.sample(hcos, 2)
            begun = START + timedelta(days=chance.randrange(30))
            ended = chance.choice([None, begun + timedelta(days=chance.randrange(1, 20))])
            row = (child, parent, begun, ended)
            if any(c == child and p == parent for c, p, _, _ in held):
                continue
            days = [START + timedelta(days=n) for n in range(60)]
            is_circle = any(circle_on([*held, row], day) for day in days)
            try:
                actions.link_hcos(
                    child, parent, kind="member_of", from_on=begun, to_on=ended, at=noon
                )
            except UserError:
                assert is_circle, row
            else:
                assert not is_circle, row
                held.append(row)
        assert len(held) >= 4


def test_the_page_shows_the_tree_of_the_chosen_day_and_the_form_records_an_acquisition(
    cast, world, client
):
    client.force_login(cast.user(Role.STEWARD))
    at = f"/hcos/{world['Cedar'].id}/"
    page = client.get(at + "?on=2025-01-01").content.decode()
    assert "Alder Health" in page and "Elm Practice" in page and "Birch" not in page
    found = client.get(at + "belongs/?q=birch").content.decode()
    assert "Birch Health" in found
    given = {
        "parent": world["Birch"].id,
        "kind": "acquired",
        "from_on": "2026-06-01",
        "note": "news",
    }
    assert client.post(at + "belongs/?q=birch", given).status_code == 302
    assert (
        "Alder Health"
        not in client.get(at + "?on=2026-06-02").content.decode().split("Changes over time")[0]
    )
    refused = client.post(at + "belongs/?q=birch", given)
    assert refused.status_code == 422 and "already" in refused.content.decode()
    assert "Birch Health" in client.get(at + "?on=2026-06-02").content.decode()
    with act_as(cast.system()):
        link = HcoLink.objects.get(child=world["Cedar"], to_on=None)
    ended = client.post(f"/hco-links/{link.id}/end/", {"on": "2026-08-01"})
    assert ended.status_code == 302
    client.post(f"/hco-links/{link.id}/end/", {"on": "no day"})
    with act_as(cast.system()):
        assert HcoLink.objects.get(id=link.id).to_on == date(2026, 8, 1)


def test_a_persons_page_draws_where_he_works_up_to_the_chain(cast, world, client):
    client.force_login(cast.user(Role.REPRESENTATIVE))
    page = client.get(f"/hcps/{world['person'].id}/").content.decode()
    assert "Where this person works, over time" in page
    assert 'class="graph"' in page and "Alder Health" in page
    assert client.post(f"/hcos/{world['Elm'].id}/belongs/", {}).status_code == 403


def test_a_program_reads_the_family_and_records_links(cast, world, client):
    client.force_login(cast.user(Role.STEWARD))
    root = "/api/directory"
    told = client.get(f"{root}/hcos/{world['Cedar'].id}/family?on=2025-01-01").json()
    assert told["n_hcos"] == 3 and told["above"] == [str(world["Alder"].id)]
    assert [m["name"] for m in told["members"]] == ["Cedar Hospital", "Dune Group", "Elm Practice"]

    def post(address, body):
        return client.post(root + address, json.dumps(body), content_type="application/json")

    made = post(
        f"/hcos/{world['Birch'].id}/links",
        {"parent_id": str(world["Alder"].id), "kind": "member_of", "from_on": "2025-01-01"},
    )
    assert made.status_code == 201
    wrong = {"parent_id": str(world["Birch"].id), "kind": "friend", "from_on": "2025-01-01"}
    assert post(f"/hcos/{world['Elm'].id}/links", wrong).status_code == 422
    taken = {"owner_id": str(world["Birch"].id), "on": "2026-06-01"}
    assert post(f"/hcos/{world['Cedar'].id}/acquisition", taken).status_code == 201
    assert post(f"/hco-links/{made.json()['id']}/end", {"on": "2026-07-01"}).json()["to_on"]
    assert len(client.get(f"{root}/hcos/{world['Cedar'].id}/links").json()["items"]) == 3
    assert client.get(f"{root}/hcos/{cast.host.id}/family").status_code == 404
    works = client.get(f"{root}/hcps/{world['person'].id}/affiliations").json()["items"][0]
    assert post(f"/affiliations/{works['id']}/end", {"on": "2026-07-01"}).status_code == 204


HEAD = "child_system,child_value,parent_system,parent_value,kind,from_on,to_on,note\n"


def load(world, path, *rows, **options):
    """Load rows of (child, parent, kind, from, to), organisations by their short names."""
    lines = [
        f"entente,{world[c].value},entente,{world[p].value},{kind},{begun},{ended},file"
        for c, p, kind, begun, ended in rows
    ]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return actions.import_hierarchy(path, **options)


def test_a_file_moves_an_organisation_and_loading_it_again_changes_nothing(
    cast, world, noon, tmp_path
):
    rows = [
        ("Cedar", "Alder", "owned_by", START, BOUGHT),
        ("Cedar", "Birch", "owned_by", BOUGHT, ""),
    ]
    path = tmp_path / "links.csv"
    with act_as(cast.system()):
        dry = load(world, path, *rows, at=noon, dry_run=True)
        assert HcoLink.objects.count() == 3
        first = load(world, path, *rows, at=noon)
        again = load(world, path, *rows, at=noon)
        assert family(world, "Birch", BOUGHT) == {"Birch", "Cedar", "Dune", "Elm"}
        assert family(world, "Alder", START) == {"Alder", "Cedar", "Dune", "Elm"}
    assert (dry.new, dry.changed) == (first.new, first.changed) == (1, 1)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


def test_a_file_is_refused_row_by_row_where_it_clashes_or_closes_a_circle(
    cast, world, noon, tmp_path
):
    refused = tmp_path / "refused.csv"
    with act_as(cast.system()):
        counts = load(
            world, tmp_path / "links.csv",
            ("Cedar", "Birch", "owned_by", BOUGHT, ""),  # another owner is there
            ("Alder", "Elm", "member_of", BOUGHT, ""),  # a circle with what is known
            ("Birch", "Dune", "member_of", START, ""),  # one half of a circle within the file
            ("Dune", "Birch", "member_of", START, ""),  # and the other
            ("Elm", "Elm", "member_of", START, ""),
            ("Elm", "Birch", "member_of", START, START),  # ends before it begins
            ("Elm", "Birch", "friend_of", START, ""),
            at=noon, refused_path=refused,
        )  # fmt: skip
    assert (counts.new, counts.refused) == (0, 7)
    told = refused.read_text(encoding="utf-8")
    assert told.count("above itself") == 3 and "former link" in told

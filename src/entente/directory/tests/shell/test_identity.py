"""The steward searches, looks at a pair, joins it, and takes it back; by page, program, command."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.directory.actions import do_search, find_suspects
from entente.directory.commands_identity import identity
from entente.directory.models import Hcp, MatchWeights, Merge, Suspect, SuspectSearch
from entente.directory.tests.domain.test_matching import people
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id


@pytest.fixture
def registry(cast):
    """A directory in which sixty people stand twice, misspelt the second time."""
    made = []
    for number, given, family, _, street, area, key, _ in people():
        npi = None if number.startswith("b") or key is None else f"1{int(key) % 10**9:09}"
        made.append(
            Hcp(
                id=new_id(), org_id=cast.host.id, npi=npi, family_name=family, given_name=given,
                address_line=street, postal_code=area, country="US", profession="physician",
                city="Leeds", licence_number=key or "", source="nppes" if npi else "manual",
                name_key=f"{family} {given}", search_text=f" {family} {given}",
                identity_status="verified" if npi else "unverified",
            )
        )  # fmt: skip
    with act_as(cast.system()):
        Hcp.objects.bulk_create(made)
    return made


def do_asked(cast, at):
    """Do as the worker does."""
    with act_as(cast.system()):
        do_search(SuspectSearch.objects.order_by("-asked_at").first().id, at=at)


@pytest.mark.feature("directory/identity")
def test_a_search_queues_pairs_with_reasons_and_a_second_one_adds_nothing(cast, registry, noon):
    with act_as(cast.system()):
        first = find_suspects(at=noon)
        assert 50 <= first.n_queued <= 66
        pair = Suspect.objects.select_related("one", "other").order_by("-score_bp").first()
        assert pair.one.postal_code == pair.other.postal_code or pair.reasons
        assert {"field", "words", "weight"} == set(pair.reasons[0])
        assert MatchWeights.objects.get().version == 1
        again = find_suspects(at=noon)
        assert (again.n_queued, again.n_known) == (0, first.n_queued)


@pytest.mark.feature("directory/identity")
def test_only_pairs_with_an_equal_key_join_by_themselves(cast, registry, noon):
    with act_as(cast.system()):
        found = find_suspects(at=noon, join_equal_keys=True)
        assert found.n_joined > 20
        for merge in Merge.objects.select_related("link__survivor", "link__loser"):
            one, other = merge.link.survivor, merge.link.loser
            assert one.licence_number == other.licence_number != ""
            assert other.npi is None, "the record with the identifier stays"
        assert Suspect.objects.filter(status="joined").count() == found.n_joined


def test_too_few_records_teach_nothing(cast, noon):
    with act_as(cast.system()):
        assert find_suspects(at=noon).weights_version == 0


@pytest.mark.feature("directory/identity")
def test_a_steward_joins_a_pair_and_takes_it_back(cast, registry, browser, noon):
    steward = browser(Role.STEWARD)
    assert "Nothing to look at" in steward.get("/identity/").content.decode()
    answer = steward.post("/identity/search/", follow=True)
    assert "A search was asked for and runs" in answer.content.decode()
    do_asked(cast, noon)
    assert "compared 300 records" in steward.get("/identity/").content.decode()
    with act_as(cast.system()):
        pair = Suspect.objects.filter(one__npi__isnull=False).order_by("-score_bp").first()
        pair = pair or Suspect.objects.order_by("-score_bp").first()
    shown = steward.get(f"/identity/{pair.id}/").content.decode()
    assert "Why they look alike" in shown
    assert "Join into one person" in shown
    refused = steward.post(f"/identity/{pair.id}/", {"act": "join", "reason": ""})
    assert refused.status_code == 422
    steward.post(f"/identity/{pair.id}/", {"act": "join", "reason": "Same licence."}, follow=True)
    with act_as(cast.system()):
        merge = Merge.objects.select_related("link").get()
    assert "See what was joined" in steward.get(f"/identity/{pair.id}/").content.decode()
    loser = steward.get(f"/hcps/{merge.link.loser_id}/").content.decode()
    assert "stands for this person" in loser
    assert "Joined records" in steward.get(f"/hcps/{merge.link.survivor_id}/").content.decode()
    steward.post(f"/identity/merges/{merge.id}/", {"reason": "Mother and daughter."})
    shown = steward.get(f"/identity/merges/{merge.id}/").content.decode()
    assert "Mother and daughter." in shown
    assert "Undone" in steward.get("/identity/merges/").content.decode()


def test_a_pair_kept_apart_does_not_come_up_again(cast, registry, browser, noon):
    steward = browser(Role.STEWARD)
    steward.post("/identity/search/")
    do_asked(cast, noon)
    with act_as(cast.system()):
        pair = Suspect.objects.order_by("-score_bp").first()
    assert steward.post(
        f"/identity/{pair.id}/", {"act": "apart", "apart-reason": "Twins."}, follow=True
    ).status_code == 200  # fmt: skip
    with act_as(cast.system()):
        assert Suspect.objects.get(id=pair.id).status == "apart"
        assert find_suspects(at=noon).n_queued == 0
    assert "Twins." in steward.get(f"/identity/{pair.id}/").content.decode()


def test_programs_do_what_pages_do(cast, registry, program, noon):
    steward = program(Role.STEWARD)
    root = "/api/directory"
    asked = steward.post(f"{root}/suspects/searches", {}, content_type="application/json")
    assert asked.status_code == 202, asked.content
    again = steward.post(f"{root}/suspects/searches", {}, content_type="application/json")
    assert again.json()["id"] == asked.json()["id"], "one search at a time"
    do_asked(cast, noon)
    done = steward.get(f"{root}/suspects/searches").json()["items"][0]
    assert done["n_queued"] > 50
    pair = steward.get(f"{root}/suspects").json()["items"][0]
    with act_as(cast.system()):
        records = Hcp.objects.in_bulk([pair["one_id"], pair["other_id"]])
    survivor, loser = sorted(records.values(), key=lambda r: r.npi is None)
    body = {"survivor_id": str(survivor.id), "loser_id": str(loser.id), "reason": "Same person."}
    made = steward.post(f"{root}/merges", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["loser_id"] == str(loser.id)
    again = steward.post(f"{root}/merges", body, content_type="application/json")
    assert again.status_code == 422
    undone = steward.post(f"{root}/merges/{made.json()['id']}/undo", {"reason": "No."},
                          content_type="application/json")  # fmt: skip
    assert undone.json()["undone_at"]
    assert len(steward.get(f"{root}/merges").json()["items"]) == 1
    other = steward.get(f"{root}/suspects").json()["items"][0]
    kept = steward.post(f"{root}/suspects/{other['id']}/keep-apart", {"reason": "Twins."},
                        content_type="application/json")  # fmt: skip
    assert kept.json()["status"] == "apart"


def test_nobody_else_sees_the_queue(cast, registry, browser, program, noon):
    with act_as(cast.system()):
        find_suspects(at=noon)
        pair = Suspect.objects.first()
    assert browser(Role.REPRESENTATIVE).get("/identity/").status_code == 403
    assert program(Role.FINANCE).get("/api/directory/suspects").status_code == 403
    assert browser(Role.PARTNER_MARKETER, cast.partner).get(
        f"/identity/{pair.id}/"
    ).status_code in (403, 404)


def test_the_command_searches(cast, registry):
    answer = CliRunner().invoke(identity, ["search", "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["n_records"] == 300


def test_the_queue_asks_as_many_questions_for_one_pair_as_for_fifty(cast, registry, browser, noon):
    steward = browser(Role.STEWARD)
    steward.post("/identity/search/")
    do_asked(cast, noon)
    with CaptureQueriesContext(
        connection,
    ) as many:
        steward.get("/identity/")
    with act_as(cast.system()):
        kept = Suspect.objects.first().id
        Suspect.objects.exclude(id=kept).update(status="apart")
    with CaptureQueriesContext(connection) as one:
        steward.get("/identity/")
    assert len(one) == len(many)

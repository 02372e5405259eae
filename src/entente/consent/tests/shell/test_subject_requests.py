"""What people ask about their own data: the clock, the check, the answer, the erasure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.db.utils import DatabaseError

from entente.consent import actions, reads
from entente.consent.commands import retention
from entente.consent.models import (
    Capture,
    RetentionRun,
    SubjectRequest,
    SubjectRequestStep,
    Suppression,
)
from entente.directory.actions import (
    add_contact_point,
    add_hcp,
    end_contact_point,
    merge_hcps,
    unmerge_hcps,
)
from entente.directory.reads import contact_points
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.ledger.persons import open_values
from entente.foundation.models import LedgerEntry

DAY = timedelta(days=1)
EMAIL = "m.testwell@clinic.test"


def give(asked, at, **changes):
    given = {
        "hcp_id": asked.hcp_id, "controller_id": asked.controller_id, "channel": "email",
        "purpose": "promotion", "wording_version": "US-1", "source": "congress", "method": "form",
        "proof_ref": "form 17", "captured_at": at, "at": at,
    }  # fmt: skip
    return actions.capture_consent(**given | changes)


def ask(asked, at, kind="access", **more):
    return actions.receive_request(asked.hcp_id, kind=kind, source="letter", at=at, **more)


def checked(asked, at, kind="access"):
    found = ask(asked, at, kind)
    actions.verify_request(found.id, how="called back", at=at)
    return found


@pytest.mark.feature("consent/consent")
def test_the_clock_gives_one_calendar_month_and_two_more_once_for_a_reason(asked, noon):
    with act_as(asked.scope):
        found = ask(asked, noon, received_at=datetime(2026, 10, 31, 23, tzinfo=UTC))
        assert found.due_on == date(2026, 11, 30)
        with pytest.raises(UserError, match="Say why"):
            actions.extend_request(found.id, reason=" ", at=noon)
        actions.extend_request(found.id, reason="archives abroad", at=noon)
        assert reads.subject_request(found.id).due_on == date(2027, 1, 31)
        with pytest.raises(UserError, match="once"):
            actions.extend_request(found.id, reason="more", at=noon)


def test_after_the_month_it_is_too_late_to_take_more_time(asked, noon):
    with act_as(asked.scope):
        found = ask(asked, noon, received_at=noon - 40 * DAY)
        with pytest.raises(UserError, match="month is over"):
            actions.extend_request(found.id, reason="late", at=noon)


def test_nothing_is_answered_before_the_identity_is_checked(asked, noon):
    with act_as(asked.scope):
        found = ask(asked, noon, "erasure")
        with pytest.raises(UserError, match="received"):
            actions.answer_request(found.id, answer="done", at=noon)
        assert contact_points([asked.hcp_id], "email", noon.date())
        with pytest.raises(UserError, match="how the identity"):
            actions.verify_request(found.id, how="", at=noon)


def test_a_request_passes_its_states_in_order_and_each_step_is_kept(asked, noon):
    with act_as(asked.scope):
        found = checked(asked, noon)
        actions.start_request(found.id, at=noon + DAY)
        actions.answer_request(found.id, answer="sent", evidence="letter 9", at=noon + 2 * DAY)
        steps = [step.did for step in reads.steps_of(found.id)]
        assert steps == ["received", "verified", "in_progress", "answered"]
        with pytest.raises(UserError):
            actions.refuse_request(found.id, reason="no", at=noon)
        with pytest.raises(DatabaseError), transaction.atomic():
            SubjectRequest.objects.filter(id=found.id).update(status="received")
        entries = LedgerEntry.objects.filter(object_id=found.id)
        assert entries.count() == 4


def test_asking_twice_for_the_same_is_one_request(asked, noon):
    with act_as(asked.scope):
        assert ask(asked, noon).id == ask(asked, noon + DAY).id
        assert ask(asked, noon, "erasure").id != ask(asked, noon).id


def test_an_objection_stops_everything_before_anybody_has_looked_at_it(asked, noon):
    with act_as(asked.scope):
        give(asked, noon - DAY)
        ask(asked, noon, "objection")
        state = reads.state_as_of(asked.hcp_id, asked.controller_id, "email", "promotion", noon)
    assert state.status == "withdrawn"


def test_a_refusal_needs_a_reason_and_a_request_can_be_taken_back(asked, noon):
    with act_as(asked.scope):
        found = ask(asked, noon)
        with pytest.raises(UserError, match="Say why"):
            actions.refuse_request(found.id, reason="", at=noon)
        actions.refuse_request(found.id, reason="the third one this week", at=noon)
        other = ask(asked, noon)
        actions.withdraw_request(other.id, reason="", at=noon)
        states = {reads.subject_request(each.id).status for each in (found, other)}
        assert states == {"refused", "withdrawn"}


@pytest.mark.promise("P28")
def test_an_erasure_removes_addresses_and_ledger_values_and_keeps_what_it_must(asked, noon):
    with act_as(asked.scope):
        capture = give(asked, noon - 9 * DAY, address=EMAIL)
        sealed = LedgerEntry.objects.get(object_id=capture.id)
        body = json.loads(sealed.body)
        found = checked(asked, noon, "erasure")
        done = actions.answer_request(found.id, answer="erased", at=noon)
        assert contact_points([asked.hcp_id], "email", noon.date()) == {}
        assert Capture.objects.get(id=capture.id).address == ""
        assert open_values(sealed.entry_id, body["personal"]) == {asked.hcp_id: None}
        stop = Suppression.objects.get(hcp_id=asked.hcp_id)
        assert stop.source == "erasure"
        assert len(stop.address_mark) == 64
        told = {line["what"]: line for line in done.outcome}
        assert told["Addresses"]["erased"] == 1
        assert told["Permissions you gave"]["erased"] == 1
        assert "provable" in told["Permissions you gave"]["kept_because"]
        assert "transfers of value" in told["Meals and other things of value"]["kept_because"]
        state = reads.state_as_of(asked.hcp_id, asked.controller_id, "email", "promotion", noon)
        assert state.status == "withdrawn"
        with connection.cursor() as cursor:
            for table in ("consent_capture", "directory_contactpoint", "foundation_ledgerentry"):
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{EMAIL}%"]
                )
                assert cursor.fetchone()[0] == 0, table


@pytest.mark.promise("P6")
def test_even_the_function_that_blanks_addresses_changes_nothing_else(asked, cast, noon):
    with act_as(asked.scope):
        capture = give(asked, noon, address=EMAIL)
    with act_as(cast.system(cast.partner)), connection.cursor() as cursor:
        cursor.execute("SELECT app.consent_blank_addresses(%s)", [asked.hcp_id])
        assert cursor.fetchone()[0] == 0, "another organisation blanks nothing of ours"
    with act_as(asked.scope):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE consent_capture SET address = ''")
        assert Capture.objects.get(id=capture.id).address == EMAIL


def test_an_export_holds_all_there_is_and_leaves_an_entry(asked, noon):
    with act_as(asked.scope):
        give(asked, noon, address=EMAIL)
        found = actions.export_person(asked.hcp_id, at=noon)
        by_link = actions.export_person(asked.hcp_id, at=noon, by_link=True)
        entries = LedgerEntry.objects.filter(verb="consent.person.exported")
        assert entries.count() == 2
    parts = {part["name"]: part["rows"] for part in found["held"]}
    assert parts["addresses"][0]["address"] == EMAIL
    assert parts["permissions"][0]["proof"] == "form 17"
    assert set(parts) >= {"person", "withdrawals", "stops", "wishes", "sends", "transfers"}
    assert "medical_questions" in parts
    assert "medical_questions" not in {part["name"] for part in by_link["held"]}
    assert "Your medical questions" in by_link["after_identity_check"]
    json.dumps(found)


def test_only_the_privacy_officer_takes_steps(asked, cast, noon):
    with act_as(asked.scope):
        found = ask(asked, noon)
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert reads.subject_request(found.id)
        with pytest.raises(OutOfScope):
            actions.verify_request(found.id, how="x", at=noon)
        with pytest.raises(OutOfScope):
            actions.export_person(asked.hcp_id, at=noon)


@pytest.mark.promise("P1")
def test_no_organisation_sees_requests_of_another(asked, cast, noon):
    with act_as(asked.scope):
        ask(asked, noon)
    with act_as(cast.system(cast.partner)):
        assert not SubjectRequest.objects.exists()
        assert not SubjectRequestStep.objects.exists()


def test_the_privacy_officer_works_a_request_on_the_pages(asked, cast, browser, noon):
    client = browser(Role.PRIVACY)
    made = client.post(
        f"/hcps/{asked.hcp_id}/requests/new/",
        {
            "kind": "erasure",
            "source": "letter",
            "received_at": "2026-11-20T10:00",
            "words": "Erase",
        },
    )
    assert made.status_code == 302
    address = made["Location"]
    assert b"Mara Testwell" in client.get("/subject-requests/").content
    assert b"Requests about own data" in client.get("/").content
    assert client.post(f"{address}answer/", {"answer": "x"}, follow=True).status_code == 200
    assert b"Identity checked" in client.get(address).content
    client.post(f"{address}verify/", {"how": "called back"})
    client.post(f"{address}start/")
    page = client.post(f"{address}answer/", {"answer": "All is erased."}, follow=True).content
    assert b"What was erased, and what was kept and why" in page
    held = client.post(f"/hcps/{asked.hcp_id}/held/", {"as": "file"})
    assert held["Content-Disposition"].startswith("attachment")
    assert client.post(f"/hcps/{asked.hcp_id}/held/", {"as": "page"}).status_code == 200
    assert client.get(f"/hcps/{asked.hcp_id}/held/").status_code == 405


# Retention.


@pytest.mark.feature("consent/consent")
def test_what_is_due_is_deleted_once_with_a_proof_and_what_is_not_due_stays(asked, noon):
    with act_as(asked.scope):
        point = add_contact_point(
            asked.hcp_id, channel="phone", value="+1203", from_on=date(2024, 1, 1), at=noon
        )
        end_contact_point(point.id, on=date(2025, 1, 1), at=noon)
        recent = add_contact_point(
            asked.hcp_id, channel="fax", value="+1204", from_on=date(2024, 1, 1), at=noon
        )
        end_contact_point(recent.id, on=date(2026, 11, 1), at=noon)
        due = {d.disposal.what: d.n_due for d in reads.deadlines(noon)}
        assert due["ended_address"] == 1
        runs = actions.delete_what_is_due(at=noon)
        assert [(run.rule.what, run.n_deleted) for run in runs] == [("ended_address", 1)]
        assert actions.delete_what_is_due(at=noon) == []
        assert RetentionRun.objects.count() == 1
        entry = LedgerEntry.objects.get(verb="consent.retention.deleted")
        assert runs[0].ids_hash in entry.body
        assert "+1203" not in entry.body


def test_a_shorter_rule_makes_more_due_and_needs_its_reason(asked, noon):
    with act_as(asked.scope):
        found = checked(asked, noon - 90 * DAY)
        actions.answer_request(found.id, answer="sent", at=noon - 60 * DAY)
        assert actions.delete_what_is_due(at=noon) == []
        rule = {"what": "closed_request", "purpose": "proof", "keep_days": 30, "at": noon}
        with pytest.raises(UserError, match="Say what"):
            actions.set_retention_rule(**rule, because="")
        with pytest.raises(UserError, match="Choose one of"):
            actions.set_retention_rule(**rule | {"what": "everything"}, because="x")
        actions.set_retention_rule(**rule, because="our counsel")
        assert [run.n_deleted for run in actions.delete_what_is_due(at=noon)] == [1]
        assert not SubjectRequest.objects.exists()
        assert not SubjectRequestStep.objects.exists()


def test_the_nightly_job_goes_through_every_organisation(asked, cast, noon):
    from entente.consent.jobs import keep_no_longer

    with act_as(cast.system(cast.partner)):
        point = add_contact_point(
            asked.hcp_id, channel="phone", value="+1", from_on=date(2020, 1, 1), at=noon
        )
        end_contact_point(point.id, on=date(2021, 1, 1), at=noon)
    assert keep_no_longer(0) == 1
    assert keep_no_longer(0) == 0


def test_rules_deadlines_and_proofs_stand_on_one_page(asked, cast, browser, noon):
    client = browser(Role.PRIVACY)
    assert b"Addresses that ended" in client.get("/retention/").content
    given = {"purpose": "proof", "keep_days": "10", "because": "our counsel"}
    assert client.post("/retention/ended_address/", given).status_code == 302
    assert b"our counsel" in client.get("/retention/").content
    assert client.get("/retention/nothing/").status_code == 404
    assert client.post("/retention/run/", follow=True).status_code == 200
    assert browser(Role.REPRESENTATIVE).get("/retention/").status_code == 403


def test_an_operator_sees_what_is_due_and_deletes_it_by_command(asked, noon):
    with act_as(asked.scope):
        point = add_contact_point(
            asked.hcp_id, channel="phone", value="+1", from_on=date(2020, 1, 1), at=noon
        )
        end_contact_point(point.id, on=date(2021, 1, 1), at=noon)
    run = CliRunner()
    rows = json.loads(run.invoke(retention, ["status", "--json"]).stdout)
    due = [row for row in rows if row["due"]]
    assert [(row["what"], row["due"]) for row in due] == [("ended_address", 1)]
    assert "ended_address" in run.invoke(retention, ["status"]).stdout
    assert run.invoke(retention, ["run"]).stdout == "1 deleted\n"
    assert run.invoke(retention, ["run"]).stdout == "0 deleted\n"


@pytest.mark.feature("directory/identity")
def test_an_export_and_an_erasure_take_in_every_joined_record(asked, noon):
    with act_as(asked.scope):
        other = add_hcp(family_name="Testwel", given_name="Mara", country="US", at=noon).id
        add_contact_point(other, channel="email", value="mara@home.test", from_on=noon.date(),
                          at=noon)  # fmt: skip
        merge = merge_hcps(asked.hcp_id, other, reason="One person.", at=noon)
        later = noon + timedelta(hours=1)
        found = actions.export_person(asked.hcp_id, at=later)
        parts = {part["name"]: part["rows"] for part in found["held"]}
        assert {row["address"] for row in parts["addresses"]} == {EMAIL, "mara@home.test"}
        assert len(parts["person"]) == 2
        request = checked(asked, later, "erasure")
        done = actions.answer_request(request.id, answer="erased", at=later)
        assert {line["what"]: line["erased"] for line in done.outcome}["Addresses"] == 2
        assert contact_points([asked.hcp_id, other], "email", noon.date()) == {}
        unmerge_hcps(merge.id, reason="Two people.", at=later + timedelta(hours=1))
        for hcp_id in (asked.hcp_id, other):
            state = reads.state_as_of(
                hcp_id, asked.controller_id, "email", "promotion", later + timedelta(hours=2)
            )
            assert state.status == "withdrawn", "the stop holds for both, whoever they are"

"""Questions: captured with proof, routed by a table, answered through the gate, unseen beyond."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.utils import DatabaseError

from entente.engagement.actions import (
    Answer,
    Question,
    answer_inquiry,
    assign_inquiry,
    capture_inquiry,
    hand_over_inquiry,
    set_route,
)
from entente.engagement.domain.routing import Way
from entente.engagement.models import Inquiry, SafetyReport
from entente.engagement.reads import inquiries as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage
from entente.policy.models import Decision

WORDS = "Does the label say anything about grapefruit?"
EVENT = "One of my patients developed a rash; is that known?"

pytestmark = pytest.mark.feature("engagement/medical-inquiries")


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def captured(world, cast, at):
    def capture(words=WORDS, role=Role.REPRESENTATIVE, **more):
        given = {"signed_by": "T. Willing"} | more
        with act_as(cast.scope(role)):
            return capture_inquiry(Question(world.willing, words, **given), at=at)

    return capture


def _rows(cast, role):
    with act_as(cast.scope(role)):
        return list(Inquiry.objects.order_by("desk").values_list("desk", "question"))


def test_a_question_that_a_representative_captures_is_at_once_beyond_its_sight(captured, cast, at):
    made = captured()
    assert (made.desk, made.due_at) == ("msl", at + timedelta(hours=48))
    assert _rows(cast, Role.MSL) == [("msl", WORDS)]
    for role in (Role.REPRESENTATIVE, Role.BRAND_LEAD, Role.ACCESS_MANAGER):
        assert _rows(cast, role) == []


def test_whoever_captured_it_sees_its_clock_and_nothing_else(captured, cast, browser, at):
    made = captured()
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        (known,) = reads.mine()
        assert (known.id, known.due_at, known.closed_at) == (made.id, made.due_at, None)
    page = browser(Role.REPRESENTATIVE).get("/questions/mine/").text
    assert "Willing" in page
    assert "Open" in page
    assert "grapefruit" not in page
    with act_as(cast.scope(Role.MSL)):
        assert reads.mine() == []


@pytest.mark.parametrize(
    ("kind", "desk", "role"),
    [
        ("scientific", "msl", Role.MSL),
        ("safety", "safety", Role.SAFETY),
        ("access", "access", Role.ACCESS_MANAGER),
        ("commercial", "representative", Role.REPRESENTATIVE),
        ("other", "msl", Role.MSL),
    ],
)
def test_the_table_sends_each_kind_to_its_desk(captured, cast, kind, desk, role):
    assert captured(kind=kind).desk == desk
    assert _rows(cast, role) == [(desk, WORDS)]


def test_words_of_a_side_effect_reach_drug_safety_whatever_kind_was_chosen(captured, cast, at):
    made = captured(EVENT, kind="access")
    assert made.desk == "access"
    assert _rows(cast, Role.SAFETY) == [("safety", EVENT)]
    assert _rows(cast, Role.ACCESS_MANAGER) == [("access", EVENT)]
    with act_as(cast.scope(Role.SAFETY)):
        report = SafetyReport.objects.get()
        assert report.due_at == at + timedelta(hours=24)
        assert report.inquiry.root_id == made.id


def test_each_medical_desk_answers_its_own_questions_only(captured, cast, at, browser):
    made = captured(EVENT, kind="safety")
    client = browser(Role.MSL)
    assert EVENT not in client.get("/questions/").text
    assert EVENT not in client.get("/").text
    assert "Take it" not in client.get(f"/questions/{made.id}/").text
    with act_as(cast.scope(Role.MSL)), pytest.raises(UserError, match="worked on by: Drug safety"):
        answer_inquiry(made.id, Answer("It is known."), at=at)
    with act_as(cast.scope(Role.SAFETY)):
        done = answer_inquiry(made.id, Answer("It is known."), at=at)
        assert (done.answer_state, done.sender_role) == ("given", "medical_info")


def test_a_representative_needs_the_signature_of_whoever_asked(captured):
    with pytest.raises(UserError, match="sign with their name"):
        captured(signed_by="")
    assert captured(signed_by="", source="email").source == "email"
    assert captured(signed_by="", role=Role.MSL).signed_by == ""


def test_a_text_that_names_a_patient_is_refused_with_what_to_leave_out(captured):
    with pytest.raises(UserError, match=r"a date of birth.*leave out"):
        captured("Patient, date of birth 3.4.1961, asks about dosing")


def test_the_words_and_a_closed_question_never_change(captured, cast, at):
    made = captured()
    with act_as(cast.scope(Role.MSL)), pytest.raises(DatabaseError, match="never change"):
        Inquiry.objects.filter(id=made.id).update(question="something else")
    with act_as(cast.scope(Role.MSL)):
        answer_inquiry(made.id, Answer("No."), at=at)
    with act_as(cast.scope(Role.MSL)), pytest.raises(DatabaseError, match="does not change"):
        Inquiry.objects.filter(id=made.id).update(answer="Yes.")
    with act_as(cast.system()), pytest.raises(DatabaseError):
        Inquiry.objects.filter(id=made.id).delete()


def test_an_answer_passes_the_gate_as_a_response_and_closes_the_question(captured, world, cast, at):
    made = captured()
    with act_as(cast.scope(Role.MSL)):
        done = answer_inquiry(made.id, Answer("No.", world.version), at=at)
        assert (done.answer_state, done.closed_at) == ("given", at)
        assert done.decision.outcome == "PERMIT"
        facts = done.decision.facts
        assert facts["action.unsolicited_request_id"] == str(made.id)
        assert facts["action.sender_role"] == "msl"
        assert facts["action.complex_question"] is True
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert reads.mine()[0].closed_at == at
    with act_as(cast.scope(Role.COMPLIANCE)):
        verbs = LedgerEntry.objects.filter(object_id=made.id).values_list("verb", flat=True)
        assert "engagement.inquiry.answer_given" in verbs


def test_a_refused_answer_is_not_given_and_its_reasons_are_kept(
    captured, cast, at, browser, monkeypatch
):
    # A desk that answers in a selling role: the table cannot say so, the gate refuses it anyway.
    from dataclasses import replace

    from entente.engagement.actions import inquiry_answer
    from entente.engagement.domain.routing import DESKS

    monkeypatch.setattr(
        inquiry_answer, "DESKS", DESKS | {"msl": replace(DESKS["msl"], sender="sales")}
    )
    made = captured()
    client = browser(Role.MSL)
    page = client.post(
        f"/questions/{made.id}/", {"act": "answer", "answer": "Zebrafish."}, follow=True
    )
    assert "it was not given" in page.text
    assert "Unsolicited scientific questions are answered by medical staff" in page.text
    with act_as(cast.scope(Role.MSL)):
        kept = Inquiry.objects.get(id=made.id)
        assert (kept.answer, kept.answer_state, kept.closed_at) == ("", "refused", None)
        decision = Decision.objects.get(id=kept.decision_id)
        assert "PG-MSL-1" in decision.rule_ids


def test_an_answer_that_promotes_is_not_offered_and_refused(captured, world, cast, at, monkeypatch):
    from entente.engagement.actions import inquiry_answer

    monkeypatch.setattr(inquiry_answer, "ANSWERABLE", ("response",))
    made = captured()
    with act_as(cast.scope(Role.MSL)), pytest.raises(UserError, match="not with promotion"):
        answer_inquiry(made.id, Answer("", world.version), at=at)


def test_an_access_question_is_answered_as_a_reimbursement_specialist(captured, cast, at):
    made = captured(kind="access")
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        done = answer_inquiry(made.id, Answer("The form is attached."), at=at)
        assert done.answer_state == "given"
        assert done.sender_role == "reimbursement"
        assert done.decision.facts["action.access_question"] is True


def test_a_prompted_question_is_no_unsolicited_request_to_the_gate(captured, cast, at):
    made = captured(is_unsolicited=False, role=Role.MSL)
    with act_as(cast.scope(Role.MSL)):
        done = answer_inquiry(made.id, Answer("No."), at=at)
        assert done.decision.facts.get("action.unsolicited_request_id") is None


def test_an_answer_by_e_mail_leaves_by_the_outbox_and_closes_the_question(
    captured, world, cast, at, mailed
):
    made = captured()
    with act_as(cast.scope(Role.MSL)):
        done = answer_inquiry(made.id, Answer("No, it does not.", by_email=True), at=at)
        assert (done.answer_state, done.closed_at) == ("queued", None)
    (mail,) = mailed(at)
    assert mail.to == ["willing@hcp.test"]
    assert "No, it does not." in mail.body
    with act_as(cast.scope(Role.MSL)):
        kept = Inquiry.objects.get(id=made.id)
        assert (kept.answer_state, kept.closed_at) == ("sent", at)


def test_a_question_is_taken_given_on_and_handed_over(captured, cast, at, browser):
    made = captured(kind="commercial")
    rep, msl = cast.user(Role.REPRESENTATIVE), cast.user(Role.MSL)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert assign_inquiry(made.id, rep.id, at=at).assignee_id == rep.id
        with pytest.raises(UserError, match="works at the desk"):
            assign_inquiry(made.id, msl.id, at=at)
    client = browser(Role.REPRESENTATIVE)
    page = client.post(
        f"/questions/{made.id}/",
        {"act": "hand_over", "kind": "scientific", "reason": "It is about dosing."},
        follow=True,
    )
    assert page.status_code == 200
    assert client.get(f"/questions/{made.id}/").status_code == 404
    with act_as(cast.scope(Role.MSL)):
        row = Inquiry.objects.get(id=made.id)
        # 48 hours of the new desk end before the 72 of the old one.
        assert row.assignee_id is None
        assert row.due_at <= made.due_at
        assert [m.verb for m in reads.moves_of(made.id)] == ["handed_over", "assigned", "captured"]


def test_a_medical_question_is_never_handed_to_the_commercial_side(captured, cast, at):
    made = captured()
    with act_as(cast.scope(Role.MSL)), pytest.raises(UserError, match="stays on the medical side"):
        hand_over_inquiry(made.id, "commercial", "Wants a price.", at=at)


def test_the_routing_table_is_set_on_a_page_within_what_the_wall_allows(
    captured, cast, at, browser
):
    client = browser(Role.COMPLIANCE)
    given = {"kind": "scientific", "scientific-desk": "msl",
             "scientific-normal_hours": 12, "scientific-urgent_hours": 4}  # fmt: skip
    assert client.post("/questions/routes/", given, follow=True).status_code == 200
    assert captured().due_at == at + timedelta(hours=12)
    assert captured(priority="urgent").due_at == at + timedelta(hours=4)
    bad = given | {"scientific-desk": "representative"}
    assert client.post("/questions/routes/", bad).status_code == 422
    with act_as(cast.scope(Role.COMPLIANCE)), pytest.raises(UserError, match="go to"):
        set_route("safety", Way("representative", 24, 24), at=at)
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        set_route("safety", Way("safety", 24, 24), at=at)


def test_a_desk_works_through_its_pages(captured, world, cast, browser):
    rep, msl = browser(Role.REPRESENTATIVE), browser(Role.MSL)
    page = rep.post(
        f"/hcps/{world.willing}/question/",
        {"question": WORDS, "kind": "scientific", "source": "visit", "priority": "urgent",
         "signed_by": "T. Willing"},
        follow=True,
    )  # fmt: skip
    assert "Captured by me" in page.text
    assert rep.post(f"/hcps/{world.willing}/question/", {}).status_code == 422
    assert WORDS in msl.get("/questions/?standing=open&kind=scientific").text
    assert "No question fits" in msl.get("/questions/?mine=1").text
    assert WORDS[:40] in msl.get("/").text
    with act_as(cast.scope(Role.MSL)):
        row = Inquiry.objects.get()
    assert "It is yours" in msl.post(f"/questions/{row.id}/", {"act": "take"}, follow=True).text
    assert WORDS in msl.get("/questions/?mine=1").text
    assert msl.post(f"/questions/{row.id}/", {"act": "answer", "answer": " "}).status_code == 422
    done = msl.post(f"/questions/{row.id}/", {"act": "answer", "answer": "No."}, follow=True)
    assert "the gate permits it" in done.text
    assert "T. Willing" in done.text
    exported = msl.get("/questions/?export=csv").content.decode()
    assert "given" in exported
    assert "grapefruit" not in exported


def test_a_case_report_leaves_as_a_file_and_is_acknowledged(captured, cast, at, mailed, browser):
    with act_as(cast.scope(Role.SAFETY)):
        set_route("safety", Way("safety", 24, 24, "cases@safety.test"), at=at)
    made = captured(EVENT)
    (mail,) = mailed(at)
    assert mail.to == ["cases@safety.test"]
    ((_name, body, kind),) = mail.attachments
    assert kind == "application/json"
    assert "developed a rash" in body
    with act_as(cast.scope(Role.SAFETY)):
        report = SafetyReport.objects.get()
        assert (report.status, report.sent_at) == ("sent", at)
    client = browser(Role.SAFETY)
    assert "Sent, not acknowledged" in client.get("/drug-safety/").text
    assert client.get(f"/drug-safety/{report.id}/?file=1")["Content-Type"] == "application/json"
    assert client.post(f"/drug-safety/{report.id}/", {"reference": ""}).status_code == 422
    done = client.post(f"/drug-safety/{report.id}/", {"reference": "US-17"}, follow=True)
    assert "US-17" in done.text
    with act_as(cast.scope(Role.SAFETY)):
        # Here only for its words, so closed with the report; the scientific one is still open.
        assert Inquiry.objects.get(root_id=made.id, desk="safety").closed_at is not None
        assert Inquiry.objects.get(id=made.id).closed_at is None


def test_reports_wait_visibly_for_an_address_and_leave_once_there_is_one(
    captured, cast, at, mailed, browser
):
    captured(EVENT)
    assert mailed(at) == []
    assert "No address is set" in browser(Role.SAFETY).get("/drug-safety/").text
    client = browser(Role.SAFETY)
    given = {"kind": "safety", "safety-desk": "safety", "safety-normal_hours": 24,
             "safety-urgent_hours": 24, "safety-deliver_to": "cases@safety.test"}  # fmt: skip
    assert client.post("/questions/routes/", given).status_code == 302
    assert [mail.to for mail in mailed(at + timedelta(hours=1))] == [["cases@safety.test"]]


def test_a_late_report_says_so(captured, cast, browser, noon):
    import time_machine

    captured(EVENT)
    with time_machine.travel(noon + timedelta(hours=40)):
        page = browser(Role.SAFETY).get("/drug-safety/").text
    assert ">late<" in page


def test_nothing_that_failed_to_leave_closes_a_question(captured, cast, at, mailed):
    made = captured()
    with act_as(cast.scope(Role.MSL)):
        answer_inquiry(made.id, Answer("No.", by_email=True), at=at)
    mailed(at, outcome="refused")
    with act_as(cast.scope(Role.MSL)):
        kept = Inquiry.objects.get(id=made.id)
        assert (kept.answer_state, kept.closed_at) == ("held", None)
        assert OutboxMessage.objects.get(object_id=made.id).state == "refused"
        assert answer_inquiry(made.id, Answer("No."), at=at).answer_state == "given"

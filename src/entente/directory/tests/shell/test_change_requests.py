"""Change requests: asked line by line, proven, decided by somebody else, and kept."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.directory import actions
from entente.directory.actions import Verdict
from entente.directory.commands_changes import changes as command
from entente.directory.domain.change_requests import LARGEST_FILE, MOVES, status_of
from entente.directory.models import ChangeEvidence, ChangeLine, ChangeRequest, FieldValue, Hcp
from entente.directory.reads.change_requests import lines_seen, record_of
from entente.directory.reads.provenance import provenance
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from tests.registry_rows import npi_of, person

pytestmark = pytest.mark.feature("directory/identity")
PDF, PNG = b"%PDF-1.7 proof", b"\x89PNG\r\n\x1a\nproof"
YES, NO = Verdict(accept=True), Verdict(accept=False, answer="The board says otherwise.")


@pytest.fixture
def known(cast, noon, nppes):
    """Somebody whom the registry brought."""
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        return Hcp.objects.get(npi=npi_of(1))


def ask(cast, hcp, at, values=None, role=Role.REPRESENTATIVE, *, submit=True):
    with act_as(cast.scope(role)):
        made = actions.draft_change(
            hcp.id, values or {"city": "Avon", "phone": "8605551234"}, reason="Told me.", at=at
        )
        if submit:
            actions.submit_change(made.id, at=at)
        return made


def decide(cast, made, at, verdicts, role=Role.STEWARD, **options):
    with act_as(cast.scope(role)):
        return actions.decide_change(made.id, verdicts, at=at, **options)


def test_what_is_accepted_holds_as_verified_and_what_is_rejected_says_why(cast, noon, known):
    made, steward = ask(cast, known, noon), cast.user(Role.STEWARD)
    done = decide(cast, made, noon, {"city": YES, "phone": NO})
    assert done.status == "partially_accepted"
    with act_as(cast.system()):
        record = Hcp.objects.get(id=known.id)
        assert (record.city, record.phone) == ("Avon", known.phone)
        assert "avon" in record.search_text
        found = {each.name: each for each in provenance(record)}["city"]
        assert (found.held.source.key, found.held.verified_on) == ("steward", noon.date())
        assert [each.value for each in found.others] == ["HARTFORD"]
        row = FieldValue.objects.get(source="steward")
        assert row.verified_by == steward.id
        assert row.change_line.request_id == made.id
        line = ChangeLine.objects.get(field="phone")
        assert (line.verdict, line.answer) == ("rejected", NO.answer)
        entry = LedgerEntry.objects.filter(verb="directory.change.decided").get()
        assert '"accepted":["city"]' in entry.body and "Avon" not in entry.body


def test_the_next_file_of_a_less_trusted_source_does_not_overrule_the_steward(
    cast, noon, known, nppes
):
    decide(cast, ask(cast, known, noon), noon, {"city": YES, "phone": YES})
    later = noon + timedelta(days=30)
    with act_as(cast.system()):
        newer = person(1, last="NEWNAME", city="DANBURY", updated="12/20/2026")
        done = actions.import_nppes(nppes([newer]), at=later)
        assert done.notes["values_of_more_trusted_sources_kept"] == 1, "it is not silent"
        record = Hcp.objects.get(id=known.id)
        assert (record.family_name, record.city, record.phone) == ("NEWNAME", "Avon", "8605551234")
        found = {each.name: each for each in provenance(record)}["city"]
        assert [each.value for each in found.others] == ["DANBURY"]
        assert [each.value for each in found.former] == ["HARTFORD"]


def test_nobody_decides_about_his_own_request(cast, noon, known):
    made = ask(cast, known, noon, role=Role.STEWARD)
    with pytest.raises(OutOfScope, match="somebody else"):
        decide(cast, made, noon, {"city": YES})
    with pytest.raises(OutOfScope):
        decide(cast, made, noon, {"city": YES}, role=Role.REPRESENTATIVE)


def test_a_rejection_needs_a_reason_and_a_line_is_decided_once(cast, noon, known):
    made = ask(cast, known, noon)
    with pytest.raises(UserError, match="Say why not"):
        decide(cast, made, noon, {"city": Verdict(accept=False, answer=" ")})
    with pytest.raises(UserError, match="at least one"):
        decide(cast, made, noon, {})
    with pytest.raises(UserError, match="no line"):
        decide(cast, made, noon, {"suffix": YES})
    assert decide(cast, made, noon, {"city": YES}).status == "submitted"
    with pytest.raises(UserError, match="accepted already"):
        decide(cast, made, noon, {"city": NO})
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(UserError, match="decided already"):
        actions.withdraw_change(made.id, at=noon)
    assert decide(cast, made, noon, {"phone": YES}).status == "accepted"
    with pytest.raises(UserError, match="cannot be changed any more"):
        decide(cast, made, noon, {"phone": YES})


def test_a_record_that_was_changed_since_says_so_and_needs_a_second_look(cast, noon, known, nppes):
    made = ask(cast, known, noon)
    with act_as(cast.system()):
        newer = person(1, city="DANBURY", updated="12/20/2026")
        actions.import_nppes(nppes([newer]), at=noon)
        record = record_of(ChangeRequest.objects.get(), noon)
        stale = {seen.line.field: seen.is_stale for seen in lines_seen(made, record)}
        assert stale == {"city": True, "phone": False}
    with pytest.raises(UserError, match="says 'DANBURY' now, and said 'HARTFORD' then"):
        decide(cast, made, noon, {"city": YES})
    decide(cast, made, noon, {"city": YES}, stale_known=True)
    with act_as(cast.system()):
        assert Hcp.objects.get(id=known.id).city == "Avon"


def test_a_record_that_says_it_by_now_is_only_verified(cast, noon, known, nppes):
    made = ask(cast, known, noon, {"city": "DANBURY"})
    with act_as(cast.system()):
        newer = person(1, city="DANBURY", updated="12/20/2026")
        actions.import_nppes(nppes([newer]), at=noon)
    assert decide(cast, made, noon, {"city": YES}).status == "accepted"
    with act_as(cast.system()):
        found = {e.name: e for e in provenance(Hcp.objects.get(id=known.id))}["city"]
        assert (found.held.source.key, found.others) == ("steward", [])


def test_a_request_follows_its_record_to_the_one_that_stands_for_the_person(cast, noon, known):
    with act_as(cast.system()):
        twin = actions.add_hcp(family_name="Testwell", country="US", city="Hartford", at=noon)
    made = ask(cast, twin, noon, {"city": "Avon"})
    with act_as(cast.scope(Role.STEWARD)):
        actions.merge_hcps(known.id, twin.id, reason="One person.", at=noon)
    decide(cast, made, noon + timedelta(hours=1), {"city": YES}, stale_known=True)
    with act_as(cast.system()):
        assert Hcp.objects.get(id=known.id).city == "Avon"
        assert Hcp.objects.get(id=twin.id).city == "Hartford"


def test_withdrawn_is_final_even_for_the_database(cast, noon, known):
    made = ask(cast, known, noon)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert actions.withdraw_change(made.id, at=noon).status == "withdrawn"
        with pytest.raises(UserError, match="withdrawn"):
            actions.submit_change(made.id, at=noon)
        with pytest.raises(UserError):
            actions.add_evidence(made.id, name="a.pdf", content=PDF, at=noon)
        with pytest.raises(DatabaseError), transaction.atomic():
            ChangeRequest.objects.filter(id=made.id).update(status="submitted")
    with pytest.raises(UserError):
        decide(cast, made, noon, {"city": YES})


def test_what_cannot_be_is_refused_before_anybody_decides(cast, noon, known):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        for values, words in (
            ({"city": "HARTFORD"}, "Nothing differs"),
            ({"family_name": " "}, "Write the value"),
            ({"country": "Spain"}, "two capitals"),
            ({"npi": "1234567893"}, "No field is called npi"),
            ({"phone": "1" * 21}, "at most 20"),
            ({"city": "A\nB"}, "one line"),
        ):
            with pytest.raises(UserError, match=words):
                actions.draft_change(known.id, values, reason="x", at=noon)
        with pytest.raises(UserError, match="how you know"):
            actions.draft_change(known.id, {"city": "Avon"}, reason=" ", at=noon)
        assert not ChangeRequest.objects.exists()
    with act_as(cast.system()), pytest.raises(OutOfScope):
        actions.draft_change(known.id, {"city": "Avon"}, reason="x", at=noon)


def test_evidence_is_told_by_its_content_and_bounded(cast, noon, known):
    made = ask(cast, known, noon, submit=False)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        first = actions.add_evidence(made.id, name="../a\n.pdf", content=PDF, at=noon)
        assert (first.name, first.content_type) == ("a.pdf", "application/pdf")
        assert actions.add_evidence(made.id, name="b.pdf", content=PDF, at=noon).id == first.id
        for content, words in (
            (b"<script>", "no PDF, PNG or JPEG"),
            (b"%PDF-" + b"x" * LARGEST_FILE, "10 MB"),
        ):
            with pytest.raises(UserError, match=words):
                actions.add_evidence(made.id, name="x.pdf", content=content, at=noon)
        for n in range(2):
            actions.add_evidence(made.id, name="c.png", content=PNG + bytes([n]), at=noon)
        with pytest.raises(UserError, match="At most 3"):
            actions.add_evidence(made.id, name="d.png", content=PNG, at=noon)
    with act_as(cast.scope(Role.STEWARD)):
        read = actions.read_evidence(made.id, first.id, at=noon)
        assert bytes(read.content) == PDF
        assert LedgerEntry.objects.filter(verb="directory.change.proof_read").exists()
        with pytest.raises(OutOfScope):
            actions.add_evidence(made.id, name="d.png", content=PNG, at=noon)


@pytest.mark.promise("P1")
def test_others_see_no_request_and_colleagues_only_their_own(cast, noon, known, browser, program):
    made = ask(cast, known, noon)
    assert browser(Role.MSL).get(f"/changes/{made.id}/").status_code == 404
    assert "Told me." not in browser(Role.MSL).get("/changes/").content.decode()
    assert program(Role.MSL).get(f"/api/directory/changes/{made.id}").status_code == 404
    theirs = browser(Role.PARTNER_MARKETER, cast.partner)
    assert theirs.get("/changes/").status_code == 403
    with act_as(cast.system(cast.partner)):
        assert not ChangeRequest.objects.exists()
        assert not ChangeLine.objects.exists()
        assert not ChangeEvidence.objects.exists()


def test_a_representative_asks_on_a_page_and_a_steward_decides_on_another(cast, known, browser):
    rep, steward = browser(Role.REPRESENTATIVE), browser(Role.STEWARD)
    assert "Nobody asked for a change" in rep.get("/changes/").content.decode()
    form = f"/hcps/{known.id}/change/"
    assert "Suggest a change" in rep.get(f"/hcps/{known.id}/").content.decode()
    shown = rep.get(form).content.decode()
    assert "HARTFORD" in shown
    given = {name: getattr(known, name) for name in
             ("family_name", "given_name", "credential", "city", "us_state", "postal_code",
              "country", "specialty", "licence_number", "licence_state")}  # fmt: skip
    given |= {"city": "Avon", "phone": "8605551234", "reason": "Told me."}
    bad = SimpleUploadedFile("a.pdf", b"<script>")
    assert rep.post(form, given | {"evidence": [bad]}).status_code == 422
    good = [SimpleUploadedFile("letter.pdf", PDF), SimpleUploadedFile("card.png", PNG)]
    many = [SimpleUploadedFile(f"{n}.png", PNG + bytes([n])) for n in range(4)]
    assert rep.post(form, given | {"evidence": many}).status_code == 422
    with act_as(cast.system()):
        assert not ChangeRequest.objects.exists(), "a refused form leaves no draft"
    answer = rep.post(form, given | {"evidence": good})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = answer.headers["Location"]
    assert "Somebody else decides" in rep.get(page).content.decode()
    assert rep.post(page, {"verdict_city": "accept"}).status_code == 403
    shown = steward.get(page).content.decode()
    assert "letter.pdf" in shown and "Decide these lines" in shown
    with act_as(cast.system()):
        file = ChangeEvidence.objects.defer("content").order_by("id").first()
    proof = steward.get(f"{page}evidence/{file.id}/")
    assert (proof.content, proof["Content-Type"]) == (PDF, "application/pdf")
    assert proof["Content-Disposition"].startswith("attachment")
    refused = steward.post(page, {"verdict_city": "accept", "verdict_phone": "reject"})
    assert refused.status_code == 422 and "Say why not" in refused.content.decode()
    answers = {"verdict_city": "accept", "verdict_phone": "reject", "answer_phone": "No."}
    assert steward.post(page, answers).status_code == 302
    assert "Partly accepted" in rep.get(page).content.decode()
    assert "Partly accepted" in steward.get("/changes/?status=partially_accepted").content.decode()
    assert "Verified by a data steward" in rep.get(f"/hcps/{known.id}/").content.decode()
    assert "Avon" not in steward.get("/changes/?export=csv").content.decode()


def test_a_draft_is_kept_proven_sent_or_withdrawn_on_its_page(cast, known, browser):
    rep = browser(Role.REPRESENTATIVE)
    given = {"city": "Avon", "family_name": known.family_name, "reason": "x", "act": "draft"}
    given |= {name: getattr(known, name) for name in
              ("given_name", "credential", "us_state", "postal_code", "country", "specialty",
               "licence_number", "licence_state")}  # fmt: skip
    page = rep.post(f"/hcps/{known.id}/change/", given).headers["Location"]
    assert "Draft" in rep.get(page).content.decode()
    rep.post(f"{page}evidence/", {"evidence": [SimpleUploadedFile("a.pdf", PDF)]})
    assert "a.pdf" in rep.get(page).content.decode()
    rep.post(f"{page}submit/")
    assert "Waits for a steward" in rep.get(page).content.decode()
    rep.post(f"{page}withdraw/")
    assert "Withdrawn" in rep.get(page).content.decode()
    again = rep.post(f"{page}submit/", follow=True).content.decode()
    assert "cannot be changed any more" in again


def test_programs_ask_prove_and_decide(cast, known, program):
    rep, steward, root = program(Role.MSL), program(Role.STEWARD), "/api/directory"

    def post(who, address, body):
        return who.post(root + address, json.dumps(body), content_type="application/json")

    asked = {"values": {"city": "Avon", "phone": "8605551234"}, "reason": "x", "submit": False}
    made = post(rep, f"/hcps/{known.id}/changes", asked)
    assert made.status_code == 201, made.content
    at = f"/changes/{made.json()['id']}"
    assert post(rep, f"/hcps/{known.id}/changes", asked | {"colour": 1}).status_code == 422
    proof = {"name": "a.pdf", "content_base64": b64encode(PDF).decode()}
    file = post(rep, f"{at}/evidence", proof)
    assert file.status_code == 201, file.content
    assert post(rep, f"{at}/evidence", proof | {"content_base64": "****"}).status_code == 422
    assert rep.get(f"{root}{at}/evidence/{file.json()['id']}").content == PDF
    assert post(rep, f"{at}/submit", {}).json()["status"] == "submitted"
    verdicts = {"verdicts": [{"field": "city", "accept": True}]}
    assert post(rep, f"{at}/verdicts", verdicts).status_code == 403
    assert post(steward, f"{at}/verdicts", verdicts).json()["status"] == "submitted"
    last = {"verdicts": [{"field": "phone", "accept": False, "answer": "No."}]}
    done = post(steward, f"{at}/verdicts", last).json()
    assert done["status"] == "partially_accepted"
    assert {line["field"]: line["now"] for line in done["lines"]}["city"] == "Avon"
    assert post(rep, f"{at}/withdraw", {}).status_code == 422
    assert len(steward.get(f"{root}/changes?status=partially_accepted").json()["items"]) == 1
    told = json.loads(CliRunner().invoke(command, ["list", "--json"]).stdout)
    assert told[0]["fields"] == ["city", "phone"]
    assert "Partly accepted: city, phone" in CliRunner().invoke(command, ["list"]).output
    assert CliRunner().invoke(command, ["list", "--status", "odd"]).exit_code == 1


def test_another_organisations_record_is_not_changed_from_here(cast, noon, known):
    with act_as(cast.system(cast.partner)):
        theirs = actions.add_hcp(family_name="Theirs", country="US", at=noon)
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(UserError, match="keeps this"):
        actions.draft_change(theirs.id, {"city": "Avon"}, reason="x", at=noon)


acts = st.lists(
    st.one_of(
        st.sampled_from(["submit", "withdraw"]),
        st.tuples(st.sampled_from(["city", "phone", "suffix"]), st.booleans()),
    ),
    max_size=8,
)


@given(acts=acts)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_people_try_a_request_goes_the_way_of_its_twin(cast, noon, known, acts):
    values = {"city": "Avon", "phone": "8605551234", "suffix": "Jr"}
    with act_as(cast.system()):
        Hcp.objects.filter(id=known.id).update(city="HARTFORD", phone="", suffix="")
        FieldValue.objects.all().delete()
    made = ask(cast, known, noon, values, submit=False)
    status, verdicts = "draft", dict.fromkeys(values, "open")
    for act in acts:
        try:
            if act == "submit":
                with act_as(cast.scope(Role.REPRESENTATIVE)):
                    actions.submit_change(made.id, at=noon)
            elif act == "withdraw":
                with act_as(cast.scope(Role.REPRESENTATIVE)):
                    actions.withdraw_change(made.id, at=noon)
            else:
                decide(cast, made, noon, {act[0]: YES if act[1] else NO})
            is_done = True
        except UserError:
            is_done = False
        wanted, verdicts = _twin(status, verdicts, act)
        assert is_done == (wanted is not None), act
        if wanted is not None:
            assert wanted == status or wanted in MOVES[status]
            status = wanted
    with act_as(cast.system()):
        assert ChangeRequest.objects.get(id=made.id).status == status
        record = Hcp.objects.get(id=known.id)
        for name, verdict in verdicts.items():
            assert (getattr(record, name) == values[name]) == (verdict == "accepted")


def _twin(status, verdicts, act):
    """Say what comes next, or None where the act is refused."""
    if act == "submit":
        return ("submitted" if status == "draft" else None), verdicts
    if act == "withdraw":
        is_free = status in ("draft", "submitted") and set(verdicts.values()) == {"open"}
        return ("withdrawn" if is_free else None), verdicts
    name, accepts = act
    if status != "submitted" or verdicts[name] != "open":
        return None, verdicts
    after = verdicts | {name: "accepted" if accepts else "rejected"}
    return status_of(list(after.values())), after

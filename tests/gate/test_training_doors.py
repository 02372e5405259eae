"""Training and audits through pages, program and command, as people meet them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry
from entente.policy.commands_training import audits as audits_command
from entente.policy.commands_training import training as training_command
from entente.policy.models import AuditAction, AuditItem, CourseVersion
from entente.policy.reads.course_texts import SKELETON, courses_folder
from tests.cast import PASSWORD
from tests.gate.courses_world import RIGHT, days, demand, load, take, text_of
from tests.gate.test_audits import NOVEMBER, decided, drawn, planned

JSON = "application/json"
TRAINING = pytest.mark.feature("policy/training")
AUDITS = pytest.mark.feature("policy/compliance-audits")


@pytest.fixture
def clock(noon):
    with time_machine.travel(noon + timedelta(hours=4), tick=False):
        yield noon + timedelta(hours=4)


@pytest.fixture
def december(noon):
    with time_machine.travel(noon + timedelta(days=12), tick=False):
        yield noon + timedelta(days=12)


def test_the_shipped_courses_are_courses():
    from entente.policy.domain.courses import read_course

    texts = [path.read_text(encoding="utf-8") for path in courses_folder().glob("*.toml")]
    read = [read_course(text) for text in [*texts, SKELETON]]
    assert {"US-CODES", "EU-CODES", "IN-CODES"} <= {one.code for one in read}
    for one in read[:-1]:
        assert 5 <= len(one.material["sections"]) <= 8
        assert len(one.material["questions"]) == 6
        assert all("http" not in section["text"]["en"] for section in one.material["sections"])


@TRAINING
def test_a_person_takes_a_course_from_the_start_page_to_the_certificate(
    cast, browser, clock, program
):
    course = load(cast, clock)
    demand(cast, course, clock, role="representative")
    client = browser(Role.REPRESENTATIVE)
    home = client.get("/").content.decode()
    assert "Your training" in home
    assert "Course TEST-COURSE" in home
    page = client.get(f"/training/{course.id}/").content.decode()
    assert "<strong>weight</strong>" in page
    assert "Because one." not in page
    started = client.post(f"/training/{course.id}/start")
    assert "One of them?" in client.get(started.url).content.decode()
    sent = client.post(started.url, {f"q_{name}": chosen for name, chosen in RIGHT.items()})
    told = client.get(sent.url).content.decode()
    assert "Because one." in told
    wrong = client.post(f"{started.url}sign", {"password": "wrong"})
    assert wrong.status_code == 422
    assert "password is not right" in wrong.content.decode()
    signed = client.post(f"{started.url}sign", {"password": PASSWORD}, follow=True)
    assert "certificate is issued" in signed.content.decode()
    mine = program(Role.REPRESENTATIVE).get("/api/policy/training").json()
    assert mine[0]["state"] == "valid"
    paper = client.get(f"/training/certificates/{mine[0]['certificate_id']}/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert "Your training" not in client.get("/").content.decode()


@TRAINING
def test_a_colleague_opens_neither_attempt_nor_certificate_and_compliance_opens_the_certificate(
    cast, browser, clock
):
    course = load(cast, clock)
    made = take(cast.scope(Role.REPRESENTATIVE), course, clock)
    address = f"/training/certificates/{made.id}/"
    assert browser(Role.MSL).get(address).status_code == 404
    assert browser(Role.MSL).get(f"/training/attempts/{made.attempt_id}/").status_code == 404
    assert browser(Role.COMPLIANCE).get(address).status_code == 200
    assert browser(Role.COMPLIANCE).get(f"/training/attempts/{made.attempt_id}/").status_code == 404


@TRAINING
def test_what_a_course_says_runs_and_loads_nothing(cast, browser, clock):
    course = load(cast, clock, words="<script>alert(1)</script><img src=//evil.test>")
    page = browser(Role.REPRESENTATIVE).get(f"/training/{course.id}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src" not in page


@TRAINING
def test_compliance_writes_publishes_demands_and_sees_who_is_late(cast, browser, clock):
    client = browser(Role.COMPLIANCE)
    refused = client.post("/training/courses/write/", {"text": text_of(more="colour = 1")})
    assert refused.status_code == 422
    assert "COURSE-003" in refused.content.decode()
    saved = client.post("/training/courses/write/", {"text": text_of()})
    assert client.get(saved.url).status_code == 200
    client.post(f"{saved.url}publish")
    with act_as(cast.system()):
        version = CourseVersion.objects.get()
    assert version.published_by_name == "Compliance of Halden"
    form = {"whom": "own", "role": "representative", "due_on": clock.date().isoformat()}
    demanded = client.post(f"/training/{version.course_id}/assign/", form)
    assert demanded.status_code == 302
    again = client.post(f"/training/{version.course_id}/assign/", form)
    assert "demanded already" in again.content.decode()
    with time_machine.travel(clock + days(1)):
        client = browser(Role.COMPLIANCE)
        late = client.get("/training/people/?late=1").content.decode()
        assert "Representative of Halden" in late
        assert "1 person is late" in late
        assert "Msl of Halden" not in late
        exported = client.get("/training/people/?export=csv").content.decode()
        assert "late 2026-11-20" in exported
    early = browser(Role.COMPLIANCE).get("/training/people/?late=1").content.decode()
    assert "Nobody is late" in early


@TRAINING
def test_partners_certificates_are_listed_for_the_host(cast, browser, clock):
    course = load(cast, clock)
    take(cast.scope(Role.PARTNER_SELLER, cast.partner), course, clock)
    shown = browser(Role.COMPLIANCE).get("/training/partners/").content.decode()
    assert "Partner Seller of Northlake" in shown
    other = browser(Role.PARTNER_ADMINISTRATOR, cast.society).get("/training/partners/")
    assert "Partner Seller of Northlake" not in other.content.decode()


@TRAINING
def test_a_program_does_what_the_pages_do(cast, program, clock):
    officer, rep = program(Role.COMPLIANCE), program(Role.REPRESENTATIVE)

    def post(client, address, body, status=201):
        answer = client.post(f"/api/policy{address}", json.dumps(body), content_type=JSON)
        assert answer.status_code == status, answer.content
        return answer.json()

    draft = post(officer, "/courses", {"text": text_of()})
    course_id = draft["course_id"]
    post(officer, f"/courses/versions/{draft['id']}/publish", {}, 200)
    row = post(officer, f"/courses/{course_id}/assignments", {"due_on": str(clock.date())})
    listed = officer.get("/api/policy/courses").json()
    assert listed[0]["assignments"][0]["id"] == row["id"]
    read = rep.get(f"/api/policy/training/{course_id}").json()
    assert (read["n_questions"], "right" in json.dumps(read)) == (2, False)
    attempt = post(rep, f"/training/{course_id}/attempts", {})
    assert "why" not in attempt["questions"][0]
    graded = post(rep, f"/training/attempts/{attempt['id']}/answers", {"answers": RIGHT}, 200)
    assert graded["passed"] is True
    post(rep, f"/training/attempts/{attempt['id']}/sign", {"password": "wrong"}, 403)
    held = post(rep, f"/training/attempts/{attempt['id']}/sign", {"password": PASSWORD})
    assert held["counts_until"] == str(clock.date() + days(365))
    people = officer.get("/api/policy/trained?limit=200").json()["items"]
    states = {one["name"]: one["courses"]["TEST-COURSE"] for one in people}
    assert states["Representative of Halden"] == "valid"
    assert states["Msl of Halden"] == "due"
    assert officer.get("/api/policy/trained/partners").json()["items"] == []
    post(officer, f"/courses/assignments/{row['id']}/end", {}, 200)
    assert rep.get("/api/policy/trained").status_code == 403


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


@TRAINING
def test_the_command_loads_the_shipped_courses_once_and_refuses_a_broken_file(cast, tmp_path):
    first = json.loads(run(training_command, "load", "--json").stdout)
    assert {one["code"]: one["is_new"] for one in first} == {
        "EU-CODES": True, "IN-CODES": True, "US-CODES": True,
    }  # fmt: skip
    again = run(training_command, "load")
    assert again.stdout.count("unchanged") == 3
    broken = tmp_path / "broken.toml"
    broken.write_text("code =")
    refused = run(training_command, "load", broken)
    assert (refused.exit_code, "broken.toml: COURSE-001" in refused.stderr) == (1, True)


@TRAINING
def test_the_command_lists_who_is_late_on_a_day(cast, clock):
    course = load(cast, clock)
    demand(cast, course, clock, role="msl")
    asked = ("late", "--on", clock.date() + days(1))
    late = json.loads(run(training_command, *asked, "--json").stdout)
    assert late == [{"email": "msl@halden.test", "lacks": ["TEST-COURSE"]}]
    assert "msl@halden.test" in run(training_command, *asked).stdout
    assert "nobody is late" in run(training_command, "late", "--on", clock.date()).stdout


@AUDITS
def test_the_command_draws_what_is_due_and_draws_it_again(cast, noon, december):
    decided(cast, noon, 9)
    planned(cast.scope(Role.COMPLIANCE), noon)
    (drawn_one,) = json.loads(run(audits_command, "draw", "--json").stdout)
    assert (drawn_one["drawn"], drawn_one["of"]) == (5, 9)
    assert "nothing is due" in run(audits_command, "draw").stdout
    assert "1 samples, 0 differ" in run(audits_command, "redraw").stdout


# Audits.


@AUDITS
def test_an_audit_runs_through_its_pages(cast, browser, noon, december):
    decided(cast, noon, 12)
    client = browser(Role.COMPLIANCE)
    with time_machine.travel(noon, tick=False):
        form = {"title": "Monthly", "kind": "decisions", "every": "month", "size": "3",
                "strata": "", "country": "", "auditor": ""}  # fmt: skip
        assert client.post("/audits/plan/", form).status_code == 302
        both = client.post("/audits/plan/", form | {"rate_percent": "5"})
        assert both.status_code == 422
    listed = client.get("/audits/").content.decode()
    assert "Draw the sample" in listed
    assert "1 sample to draw" in client.get("/").content.decode()
    plan_id = listed.split("/audits/plans/")[1].split("/")[0]
    sample = client.post(f"/audits/plans/{plan_id}/draw", {"since": NOVEMBER.isoformat()})
    assert client.post(f"/audits/plans/{plan_id}/draw", {"since": "x"}).status_code == 422
    assert "3 of 12" in client.get(sample.url).content.decode()
    assert "the same rows in the same order" in client.post(sample.url).content.decode()
    assert client.get(f"{sample.url}?export=csv").content.decode().count("policy.decision") == 3
    with act_as(cast.system()):
        item = AuditItem.objects.order_by("place").first()
    address = f"/audits/items/{item.id}/"
    unsaid = client.post(address, {"verdict": "finding", "severity": "", "note": "", "rule": ""})
    assert "how grave" in unsaid.content.decode()
    answer = {"verdict": "finding", "severity": "major", "note": "No record", "rule": "PG-TRN-1"}
    assert client.post(address, answer).status_code == 302
    lead = cast.user(Role.BRAND_LEAD)
    doing = {"kind": "corrective", "what": "Mend it", "owner": str(lead.id),
             "due_on": december.date().isoformat()}  # fmt: skip
    assert client.post(f"{address}action", doing).status_code == 302
    with act_as(cast.system()):
        action = AuditAction.objects.get()
    theirs = browser(Role.BRAND_LEAD)
    assert "Asked of you after an audit" in theirs.get("/").content.decode()
    where = f"/audits/actions/{action.id}/"
    assert "The drawn item" not in theirs.get(where).content.decode()
    assert theirs.post(where, {"evidence": "Minutes"}).status_code == 302
    assert browser(Role.REPRESENTATIVE).get(where).status_code == 404
    verified = client.post(f"{where}verify", {"verdict": "accept", "reason": ""})
    assert verified.status_code == 302
    assert "Verified" in client.get("/audits/actions/?standing=verified").content.decode()
    figures = client.get("/audits/figures/").content.decode()
    assert "100.0%" in figures


@AUDITS
def test_a_program_audits_as_the_pages_do(cast, program, noon, december):
    decided(cast, noon, 12)
    officer = program(Role.COMPLIANCE)

    def post(address, body, status, client=officer):
        answer = client.post(f"/api/policy/audits{address}", json.dumps(body), content_type=JSON)
        assert answer.status_code == status, answer.content
        return answer.json()

    with time_machine.travel(noon, tick=False):
        plan = post("/plans", {"title": "M", "kind": "decisions", "rate_percent": 20}, 201)
    assert officer.get("/api/policy/audits/plans").json()[0]["id"] == plan["id"]
    sample = post(f"/plans/{plan['id']}/draw", {"since": "2026-11-01"}, 201)
    assert sample["n_drawn"] == 3
    again = officer.get(f"/api/policy/audits/samples/{sample['id']}/again").json()
    assert again == {"same": True, "seed_holds": True, "n_population": 12}
    items = officer.get(f"/api/policy/audits/samples/{sample['id']}/items").json()["items"]
    post(f"/items/{items[0]['id']}/answer", {"in_order": True}, 200)
    post(f"/items/{items[1]['id']}/answer", {"in_order": False}, 422)
    found = {"in_order": False, "severity": "minor", "note": "Late"}
    post(f"/items/{items[1]['id']}/answer", found, 200)
    owner = str(cast.user(Role.FINANCE).id)
    doing = {"kind": "preventive", "what": "Teach", "owner_id": owner, "due_on": "2026-12-24"}
    action = post(f"/items/{items[1]['id']}/actions", doing, 201)
    finance = program(Role.FINANCE)
    assert [one["id"] for one in finance.get("/api/policy/audits/mine").json()] == [action["id"]]
    rep = program(Role.REPRESENTATIVE)
    post(f"/actions/{action['id']}/done", {"evidence": "x"}, 404, rep)
    post(f"/actions/{action['id']}/done", {"evidence": "Minutes"}, 200, finance)
    post(f"/actions/{action['id']}/verify", {"accept": True}, 200)
    figures = officer.get("/api/policy/audits/figures").json()
    assert figures["total"]["rate"]["n_findings"] == 1
    post(f"/plans/{plan['id']}/end", {}, 200)
    assert len(officer.get("/api/policy/audits/samples").json()["items"]) == 1
    assert len(officer.get("/api/policy/audits/actions").json()["items"]) == 1


@AUDITS
def test_only_compliance_opens_audits(cast, browser, noon, later_sample):
    for role in (Role.REPRESENTATIVE, Role.FINANCE, Role.ADMINISTRATOR):
        assert browser(role).get("/audits/").status_code == 403
        assert browser(role).get(f"/audits/samples/{later_sample.id}/").status_code == 403


@pytest.fixture
def later_sample(cast, noon):
    officer = cast.scope(Role.COMPLIANCE)
    decided(cast, noon, 5)
    return drawn(officer, planned(officer, noon), noon + timedelta(days=12))


@AUDITS
def test_the_draw_stands_in_the_ledger_with_its_seed(cast, later_sample):
    with act_as(cast.scope(Role.COMPLIANCE)):
        entry = LedgerEntry.objects.get(verb="policy.audit.drawn")
    assert later_sample.seed in entry.body
    assert later_sample.ids_hash in entry.body

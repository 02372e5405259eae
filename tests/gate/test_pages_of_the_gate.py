"""The gate's pages in use: write, try, activate, answer, waive; and the same by program."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.policy.models import PackDraft, Waiver
from tests.cast import PASSWORD
from tests.gate.test_life_of_a_pack import NO_EDUCATION, send
from tests.gate.test_people_decide import at, newcomer, referred, the_referral

__all__ = ["at", "newcomer", "referred"]


def test_a_compliance_officer_writes_tries_and_somebody_else_activates(cast, world, browser, noon):
    officer, reviewer = browser(Role.COMPLIANCE), browser(Role.REVIEWER)
    send(cast, world, world.willing, noon + timedelta(hours=4))
    assert "company/house-rules" in officer.get("/packs/write/").text
    page = officer.post("/packs/write/", {"text": NO_EDUCATION, "note": "Fewer mails"}, follow=True)
    assert "cases come out as they should" in page.text
    address = page.request["PATH_INFO"]
    day = noon.date().isoformat()
    tried = officer.get(address, {"since": day, "until": day}).text
    assert "Come out differently" in tried
    assert "HOUSE-EDU-1" in tried
    assert "You wrote it" in tried
    wrong = reviewer.post(f"{address}activate", {"from_on": day, "password": "no"})
    assert wrong.status_code == 422
    assert "password is not right" in wrong.text
    done = reviewer.post(f"{address}activate", {"from_on": day, "password": PASSWORD}, follow=True)
    assert "is in force from" in done.text
    assert "Education does not travel by e-mail" in officer.get("/rules/HOUSE-EDU-1/").text


def test_a_bad_pack_comes_back_with_the_text_and_the_remedy(browser):
    broken = NO_EDUCATION.replace("action.purpose <>", "action.porpoise <>")
    page = browser(Role.COMPLIANCE).post("/packs/write/", {"text": broken, "note": "x"})
    assert page.status_code == 422
    assert "there is no fact action.porpoise" in page.text
    assert "No education by e-mail" in page.text


def test_a_pack_in_force_is_changed_from_its_own_text(cast, browser):
    officer = browser(Role.COMPLIANCE)
    page = officer.get("/packs/write/?pack=platform/engagement")
    assert "PG-FREQ-1" in page.text
    assert officer.get("/packs/write/?pack=no/such").status_code == 404
    assert browser(Role.REPRESENTATIVE).get("/packs/write/").status_code == 403
    dropped = officer.post("/packs/write/", {"text": NO_EDUCATION, "note": "x"}, follow=True)
    officer.post(f"{dropped.request['PATH_INFO']}drop")
    with act_as(cast.system()):
        assert PackDraft.objects.get().status == "dropped"


def test_a_referral_is_answered_on_its_page(cast, referred, browser):
    row = the_referral(cast, referred)
    officer = browser(Role.COMPLIANCE)
    assert "Waits for your answer" in officer.get("/").text
    assert f"/referrals/{row.id}/" in officer.get("/referrals/").text
    page = officer.get(f"/referrals/{row.id}/")
    assert "Who acts is trained" in page.text
    assert "Nell Newcomer" in page.text
    given = {"verdict": "approve", "reason": "Shadowed.", "password": "no"}
    assert officer.post(f"/referrals/{row.id}/", given).status_code == 422
    given["password"] = PASSWORD
    done = officer.post(f"/referrals/{row.id}/", given, follow=True)
    assert "Approved and signed" in done.text
    assert "Shadowed." in done.text
    assert browser(Role.FINANCE).get("/referrals/?all=1").status_code == 200
    assert browser(Role.REPRESENTATIVE).get("/referrals/").status_code == 403


def test_a_waiver_is_granted_counted_and_ended_by_page(cast, browser, noon):
    officer, day = browser(Role.COMPLIANCE), noon.date() + timedelta(days=30)
    form = {"rule_id": "PG-FREQ-1", "valid_until": day.isoformat(), "reason": "Recall letter",
            "password": PASSWORD}  # fmt: skip
    assert "Recall letter" in officer.post("/waivers/new/", form, follow=True).text
    form["rule_id"] = "PG-CONS-1"
    assert officer.post("/waivers/new/", form).status_code == 422
    with act_as(cast.system()):
        waiver = Waiver.objects.get()
    officer.post(f"/waivers/{waiver.id}/end")
    assert "ended early" in officer.get("/waivers/?standing=over").text


@pytest.mark.parametrize("address", ["/packs/", "/rules/", "/waivers/"])
def test_a_partner_reads_the_rules_it_stands_under(cast, browser, address):
    assert browser(Role.PARTNER_MARKETER, cast.partner).get(address).status_code == 200


def test_a_program_does_what_the_pages_do(cast, referred, program, noon):
    officer, reviewer = program(Role.COMPLIANCE), program(Role.REVIEWER)
    day = noon.date().isoformat()

    def post(api, path, body):
        return api.post(f"/api/policy/{path}", json.dumps(body), content_type="application/json")

    made = post(officer, "drafts", {"text": NO_EDUCATION, "note": "x"})
    assert made.status_code == 201, made.text
    address = f"drafts/{made.json()['id']}"
    assert made.json()["differences"][0]["way"] == "added"
    tried = post(officer, f"{address}/try", {"since": day, "until": day}).json()
    assert (tried["decisions"], tried["changed"]) == (1, 1)
    own = post(officer, f"{address}/activate", {"from_on": "2030-01-01", "password": PASSWORD})
    assert own.status_code == 403
    done = post(reviewer, f"{address}/activate", {"from_on": "2030-01-01", "password": PASSWORD})
    assert done.json()["signer_name"] == "Reviewer of Halden"
    assert officer.get("/api/policy/drafts").json()["items"][0]["status"] == "activated"
    assert any(p["id"] == "platform/consent" for p in officer.get("/api/policy/packs").json())
    (row,) = officer.get("/api/policy/referrals?standing=open").json()["items"]
    answer = {"approve": False, "reason": "No.", "password": PASSWORD}
    assert post(officer, f"referrals/{row['id']}/answer", answer).json()["answer"] == "declined"
    waiver = {"rule_id": "PG-FREQ-1", "valid_until": (noon + timedelta(days=9)).isoformat(),
              "reason": "x", "password": PASSWORD}  # fmt: skip
    made = post(officer, "waivers", waiver)
    assert made.status_code == 201, made.text
    assert post(officer, f"waivers/{made.json()['id']}/end", {}).json()["ended_at"]
    assert len(officer.get("/api/policy/waivers").json()["items"]) == 1

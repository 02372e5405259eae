"""The person's own pages: reached by link, changed only by POST, unknown links say nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from entente.consent import actions, reads
from entente.consent.models import Capture, Preference, Suppression, Withdrawal
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry, SignedLink

NOW = datetime.now(UTC)


@pytest.fixture
def granted(asked):
    """A permission for e-mail and one for telephone, and words in use."""
    with act_as(asked.scope):
        for channel in ("email", "phone"):
            actions.capture_consent(
                hcp_id=asked.hcp_id,
                controller_id=asked.controller_id,
                channel=channel,
                purpose="promotion",
                wording_version="US-1",
                source="congress",
                method="form",
                proof_ref="form 17",
                captured_at=NOW - timedelta(days=3),
                at=NOW,
            )
        words = actions.stage_wording(
            version="US-2", country="US", language="en", text="May we?", at=NOW
        )
        actions.activate_wording(words.id, at=NOW)
        return {
            "p": reads.preference_url(asked.hcp_id, asked.controller_id, NOW),
            "u": reads.unsubscribe_url(asked.hcp_id, asked.controller_id, NOW),
        }


def status(asked, channel="email"):
    with act_as(asked.scope):
        return reads.state_as_of(
            asked.hcp_id, asked.controller_id, channel, "promotion", datetime.now(UTC)
        ).status


def key(asked, channel="email"):
    return f"{asked.controller_id}|{channel}|promotion"


@pytest.mark.promise("P24")
@pytest.mark.feature("consent/hcp-control")
def test_a_scanner_that_opens_every_link_five_times_changes_nothing(asked, granted, client):
    def counted():
        with act_as(asked.scope):
            tables = (Capture, Withdrawal, Suppression, Preference, LedgerEntry, SignedLink)
            return [table.objects.count() for table in tables]

    before = counted()
    for address in granted.values():
        for _ in range(5):
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "no-store" in answer["Cache-Control"]
            client.head(address)
    assert counted() == before
    assert status(asked) == "granted"


@pytest.mark.promise("P24")
def test_an_altered_a_revoked_and_an_old_link_are_answered_alike(asked, granted, client):
    answers = [client.get(granted["p"][:-3] + "AA/")]
    with act_as(asked.scope):
        SignedLink.objects.update(expires_at=NOW - timedelta(days=1))
    answers.append(client.get(granted["p"]))
    answers.append(client.post(granted["u"]))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    pages = {re.search(r"<main.*</main>", a.content.decode(), re.S).group() for a in answers}
    assert len(pages) == 1
    assert status(asked) == "granted"


@pytest.mark.feature("consent/hcp-control")
def test_one_click_of_a_mail_program_ends_all_mail_and_nothing_else(asked, granted, client):
    for _ in range(2):
        answer = client.post(
            granted["u"],
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
    assert (status(asked), status(asked, "phone")) == ("withdrawn", "granted")
    with act_as(asked.scope):
        assert Withdrawal.objects.get().source == "one_click"


@pytest.mark.feature("consent/hcp-control")
def test_a_switch_turned_off_withdraws_and_turned_on_again_is_a_new_permission(
    asked, granted, client
):
    mail, phone = key(asked), key(asked, "phone")
    form = {"shown": [mail, phone], "was_on": [mail, phone], "on": [phone], "act": "save"}
    assert client.post(granted["p"], form).status_code == 302
    assert (status(asked), status(asked, "phone")) == ("withdrawn", "granted")
    form = {"shown": [mail, phone], "was_on": [phone], "on": [mail, phone], "act": "save"}
    assert client.post(granted["p"], form).status_code == 302
    assert status(asked) == "granted"
    with act_as(asked.scope):
        newest = Capture.objects.latest("captured_at")
        assert (newest.method, newest.wording_version) == ("preference_page", "US-2")


def test_a_page_left_open_does_not_undo_what_happened_meanwhile(asked, granted, client):
    mail, phone = key(asked), key(asked, "phone")
    client.post(granted["u"])
    form = {"shown": [mail, phone], "was_on": [mail, phone], "on": [mail, phone], "act": "save"}
    client.post(granted["p"], form)
    assert status(asked) == "withdrawn"


@pytest.mark.feature("consent/hcp-control")
def test_own_limit_and_quiet_are_kept_and_a_wrong_number_is_named(asked, granted, client):
    form = {"act": "save", "emails_30d": "2", "paused_until": "2027-01-31"}
    client.post(granted["p"], form)
    client.post(granted["p"], form)
    with act_as(asked.scope):
        wish = Preference.objects.get()
        assert (wish.emails_30d, str(wish.paused_until)) == (2, "2027-01-31")
    refused = client.post(granted["p"], {"act": "save", "emails_30d": "99"})
    assert refused.status_code == 422
    assert "from 0 to 30" in refused.content.decode()


def test_stop_everything_stops_everything_and_says_so(asked, granted, client):
    client.post(granted["p"], {"act": "stop"})
    assert (status(asked), status(asked, "phone")) == ("withdrawn", "withdrawn")
    assert "Everything is stopped" in client.get(granted["p"]).content.decode()
    with act_as(asked.scope):
        stop = Suppression.objects.get()
        assert len(stop.address_mark) == 64
        assert "testwell" not in stop.address_mark


@pytest.mark.feature("consent/why-did-i-get-this")
def test_the_page_says_why_and_what_is_held(asked, granted, client):
    page = client.get(granted["p"]).content.decode()
    assert "Why did I get this?" in page
    assert "because you agreed on" in page
    assert "m…@clinic.test" in page
    assert "m.testwell@clinic.test" not in page


def test_a_forged_switch_is_refused(asked, granted, client):
    forged = {"shown": ["x|y|z"], "on": ["x|y|z"], "act": "save"}
    assert client.post(granted["p"], forged).status_code == 422
    foreign = f"{asked.hcp_id}|email|promotion"
    form = {"shown": [foreign], "on": [foreign], "act": "save"}
    assert client.post(granted["p"], form).status_code == 422


def test_a_person_signed_in_elsewhere_still_acts_as_the_links_person(asked, granted, cast, client):
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    assert client.get(granted["p"]).status_code == 200
    client.post(granted["u"])
    assert status(asked) == "withdrawn"


def test_mail_after_mail_carries_the_same_link(asked, granted):
    with act_as(asked.scope):
        again = reads.preference_url(asked.hcp_id, asked.controller_id, NOW)
        assert again == granted["p"]
        assert SignedLink.objects.count() == 1


def test_staff_record_withdraw_and_see_it_on_the_persons_page(asked, granted, cast, client):
    client.force_login(cast.user(Role.REPRESENTATIVE))
    at = f"/hcps/{asked.hcp_id}/"
    assert "Permissions" in client.get(at).content.decode()
    form = {"controller_id": str(asked.controller_id), "channel": "email", "purpose": "event",
            "wording_version": "US-2", "method": "form", "proof_ref": "form 9",
            "captured_at": "2026-01-05T10:00"}  # fmt: skip
    assert client.post(f"{at}consents/new/", form).status_code == 302
    wrong = client.post(f"{at}consents/new/", form | {"proof_ref": " "})
    assert wrong.status_code == 422
    taken = {"controller_id": str(asked.controller_id), "channel": "any", "purpose": ""}
    assert client.post(f"{at}consents/withdraw/", taken).status_code == 302
    page = client.get(f"{at}consents/").content.decode()
    assert "Consent withdrawn" in page
    assert client.get(f"{at}consents/?on=2026-01-06").status_code == 200
    assert client.post(f"{at}consents/stop/", {"reason": "asked"}).status_code == 302
    assert "Everything is stopped" in client.get(at).content.decode()
    client.force_login(cast.user(Role.FINANCE))
    assert client.get(f"{at}consents/").status_code == 403

"""Two companies hold an event: need, agreement, invitation, ticket, door, certificate."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from .test_a_hosted_page import _shot, _troubles
from .test_the_demo import _sign_in

pytestmark = [pytest.mark.slow, pytest.mark.feature("engagement/joint-education")]

MANAGER = "Halden Pharma, Event manager"
PARTNER = "Northlake Health System, Partner marketer"
PASSWORD = "invented people only"


def _press(page, text):
    page.click(f"main button:has-text('{text}')")
    page.wait_for_load_state()


def _planned(page, demo, begins) -> str:
    page.goto(f"{demo.site}/events/new/")
    page.fill("#id_title", "Heart failure in practice")
    page.select_option("#id_kind", "symposium")
    page.fill("#id_topic", "Heart failure")
    page.fill("#id_places", "40")
    page.fill("#id_starts_at", f"{begins:%Y-%m-%dT%H:%M}")
    page.fill("#id_ends_at", f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.fill("#id_time_zone", "UTC")
    page.fill("#id_country", "US")
    page.fill("#id_venue", "Northlake main building")
    page.select_option("#id_partner", label="Northlake Health System")
    page.fill("#id_partner_share", "40")
    _press(page, "Set it up")
    return page.url


def _agreed(page, address):
    page.goto(address)
    page.fill("input[name=password]", PASSWORD)
    _press(page, "Agree")


def _invitation_of(page, demo) -> str:
    """Wait for an invitation in the caught mail and give its link."""
    for _ in range(60):
        page.goto(f"{demo.site}/demo/mail/")
        letters = page.locator("a:has-text('Invitation: Heart failure')")
        if letters.count():
            letters.first.click()
            page.wait_for_load_state()
            found = re.search(r"/events/register/[^/\"'<\s]+/", page.content())
            if found:
                return demo.site + found.group(0)
        page.wait_for_timeout(1_000)
    pytest.fail("no invitation came")


def test_an_event_of_two_companies_from_need_to_certificate(browser, demo):
    begins = datetime.now(UTC) + timedelta(minutes=3)
    host = _sign_in(browser, demo, MANAGER)
    partner = _sign_in(browser, demo, PARTNER)
    address = _planned(host, demo, begins)
    host.fill("#id_need", "The guideline changed in June; a survey shows that few know it.")
    host.fill("#id_criteria", "Published on the topic, teaches regularly.")
    _press(host, "Record")
    _agreed(host, address)
    assert "waits for Northlake" in host.inner_text("main")
    _agreed(partner, address)
    host.goto(address)
    _shot(host, "event-ready")
    assert _troubles(host) == []
    _press(host, "Open for registration")

    host.goto(f"{address}invite/?find=a")
    for box in host.locator("input[name=hcps]").all()[:12]:
        box.check()
    _press(host, "Ask the gate and invite")
    _shot(host, "event-invited")
    assert _troubles(host) == []
    link = _invitation_of(host, demo)

    guest = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    guest.goto(link)
    assert _troubles(guest) == []
    _shot(guest, "event-register")
    guest.check("label:has-text('Northlake')")
    guest.click("button:has-text('Register')")
    guest.wait_for_selector("figure.ticket svg")
    assert _troubles(guest) == []
    _shot(guest, "event-ticket")

    # The door, on a telephone: the list, then the person, a signature, done.
    desk = _sign_in(browser, demo, MANAGER, size="narrow", scheme="dark")
    desk.goto(f"{address}check-in/")
    assert _troubles(desk) == []
    _shot(desk, "event-door")
    desk.click("main table a")
    desk.wait_for_selector("[data-sign] svg[role=img]")
    box = desk.locator("[data-sign] svg[role=img]").bounding_box()
    desk.mouse.move(box["x"] + 20, box["y"] + 40)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    desk.mouse.up()
    assert desk.input_value("input[name=drawing]").startswith("M")
    assert _troubles(desk) == []
    _press(desk, "Check in")
    assert "is checked in" in desk.inner_text("main")

    # The partner sees whoever agreed to be seen, and no one else's invitations.
    partner.goto(f"{address}?tab=attendees")
    assert "Was there" in partner.inner_text("main")
    partner.goto(f"{address}?tab=invitations")
    assert "Nobody is invited yet" in partner.inner_text("main")

    wait = (begins - datetime.now(UTC)).total_seconds() + 61
    host.wait_for_timeout(max(wait, 0) * 1_000)
    host.goto(address)
    _press(host, "It was held")
    host.goto(f"{address}?tab=attendees")
    _press(host, "Issue")
    assert _troubles(host) == []
    guest.reload()
    assert guest.locator("a:has-text('Certificate')").count() == 1
    pdf = guest.request.get(guest.locator("a:has-text('Certificate')").evaluate("a => a.href"))
    assert pdf.body()[:4] == b"%PDF"
    calendar = guest.request.get(f"{link}event.ics").text()
    assert "SUMMARY:Heart failure in practice" in calendar

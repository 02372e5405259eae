"""A representative shows items to an HCP in another browser; what was on the screen is recorded."""

from __future__ import annotations

import re
import time

import pytest

from .test_a_hosted_page import _shot, _troubles
from .test_the_demo import _sign_in

pytestmark = [pytest.mark.slow, pytest.mark.feature("engagement/detailing")]

REPRESENTATIVE = "Halden Pharma, Representative"
LEAD = "Halden Pharma, Brand lead"
REVIEWER = "Halden Pharma, Medical, legal, regulatory reviewer"
TITLES = ("Cholesterol in three steps", "When the first step fails")
# Every second and a half the browser asks; on a busy machine an answer takes its time.
SOON_MS = 30_000


def _press(page, text):
    page.click(f"main button:has-text('{text}')")
    page.wait_for_load_state()


def _approved(lead, reviewer, demo, title) -> str:
    """Write an item for the web and have it approved; give its address."""
    from entente.demo.people import PASSWORD

    lead.goto(f"{demo.site}/content/new/")
    lead.fill("#id_title", title)
    lead.select_option("#id_kind", "educational")
    lead.click("main button[type=submit]")
    lead.fill("#id_subject", title)
    lead.fill("#id_html", f"<h2>{title}</h2><p>Measure, explain, agree on a goal.</p><ul>"
                          "<li>Lipids after an overnight fast</li><li>Risk over ten years</li>"
                          "</ul><table><thead><tr><th>Visit</th><th>What</th></tr></thead><tbody>"
                          "<tr><td>First</td><td>Agree on a goal</td></tr></tbody></table>")  # fmt: skip
    lead.fill("#id_text", title)
    lead.fill("#id_markets", "US")
    lead.check("input[name=audiences][value=hcp]")
    lead.check("input[name=channels][value=web]")
    lead.fill("#id_expires_on", "2027-06-30")
    lead.click("main form button.primary[type=submit]")
    lead.wait_for_selector("form[action$='/submit/']")
    address = lead.url
    lead.click("form[action$='/submit/'] button[type=submit]")
    lead.wait_for_selector("text=is in review")
    reviewer.goto(address)
    reviewer.check("input[name=verdict][value=approve]")
    reviewer.fill("#id_password", PASSWORD)
    reviewer.click("form[action$='/decide/'] button[type=submit]")
    reviewer.wait_for_selector("text=signed and recorded")
    return address


def _planned(rep, demo) -> str:
    """Plan with the first HCP of Massachusetts for whom the gate permits it; give the link."""
    found = rep.evaluate("fetch('/calls/people/?q=MA').then((answer) => answer.json())")
    for person in found["people"]:
        rep.goto(f"{demo.site}/hcps/{person['id']}/remote-detail/")
        for title in TITLES:
            rep.check(f"label:has-text('{title}')")
        rep.check("#id_was_requested")
        _press(rep, "Plan")
        if rep.locator("input[name=link]").count():
            return rep.input_value("input[name=link]")
    pytest.fail("no HCP can be shown anything")


@pytest.mark.browser
def test_what_an_hcp_sees_remotely_follows_the_presenter_and_becomes_the_record(browser, demo):
    lead, reviewer = _sign_in(browser, demo, LEAD), _sign_in(browser, demo, REVIEWER)
    addresses = [_approved(lead, reviewer, demo, title) for title in TITLES]
    rep = _sign_in(browser, demo, REPRESENTATIVE)
    link = _planned(rep, demo)
    assert _troubles(rep) == []
    _shot(rep, "detail-planned")

    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    hcp, errors = context.new_page(), []
    hcp.on("pageerror", lambda error: errors.append(str(error)))
    hcp.goto(link)
    assert _troubles(hcp) == []
    _shot(hcp, "detail-begin")
    _press(hcp, "Begin")
    hcp.wait_for_selector("text=Nothing is on show")
    _shot(hcp, "detail-nothing")

    # The presenter's page notices by itself, and each item is there within moments.
    rep.wait_for_selector("text=The HCP is there", timeout=SOON_MS)
    waits = []
    for press, title in (("Next", TITLES[0]), ("Next", TITLES[1]), ("Back", TITLES[0])):
        began = time.monotonic()
        rep.click(f"#stage button:has-text('{press}')")
        hcp.wait_for_selector(f"#screen h2:has-text('{title}')", timeout=SOON_MS)
        waits.append(time.monotonic() - began)
        rep.wait_for_selector(f"#stage h2:has-text('{title}')")
        hcp.wait_for_timeout(3_000)
    print(f"on the other screen after {', '.join(f'{wait:.1f}' for wait in waits)} s")
    assert _troubles(hcp) == []
    _shot(hcp, "detail-on-show")

    hcp.click("#useful")
    hcp.wait_for_selector("#useful[aria-pressed=true]")
    hcp.click("summary:has-text('Ask a question')")
    hcp.fill("#ask textarea", "Marked words: which dose in renal failure?")
    # What is being written stays while the screen changes.
    rep.click("#stage button:has-text('Next')")
    hcp.wait_for_selector(f"#screen h2:has-text('{TITLES[1]}')", timeout=SOON_MS)
    assert hcp.input_value("#ask textarea").startswith("Marked words")
    hcp.click("#ask button[type=submit]")
    hcp.wait_for_selector("text=The medical team of Halden Pharma answers you")
    assert _troubles(hcp) == []
    _shot(hcp, "detail-asked")
    rep.wait_for_selector("text=1 question was asked", timeout=SOON_MS)
    assert "Marked words" not in rep.content()
    rep.wait_for_selector("#stage .said .tag:has-text('Useful')", timeout=SOON_MS)
    assert _troubles(rep) == []
    _shot(rep, "detail-stage")

    # A recall empties the screen by itself.
    lead.goto(addresses[1])
    lead.click("button:text-is('Withdraw')")
    lead.fill("dialog textarea", "A figure was wrong")
    lead.click("dialog button.danger")
    lead.wait_for_selector("text=The version is withdrawn")
    hcp.wait_for_selector("text=Nothing is on show", timeout=SOON_MS)

    rep.fill("#id_note", "Asked for the guideline.")
    _press(rep, "End and record")
    assert "is the record of the call" in rep.inner_text("main")
    _shot(rep, "detail-ended")
    hcp.wait_for_selector("text=It is over", timeout=SOON_MS)
    assert hcp.goto(link).status == 404
    rep.click("main a:has-text('The record')")
    rep.wait_for_load_state()
    rows = rep.inner_text("main table")
    assert set(re.findall("|".join(TITLES), rows)) == set(TITLES)
    assert re.search(r"0:\d\d", rows)
    assert "Interested" in rows
    assert errors == []

"""A version goes to the web in a real browser, is read on a telephone, and is gone at once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .test_the_demo import _sign_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.feature("content/hosted-pages"),
    pytest.mark.feature("content/interactive-tools"),
]

SHOTS = os.environ.get("ENTENTE_SHOTS")
TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26.1 Safari/604.1"
HTML = (
    "<h2>Living with high cholesterol</h2><p>What a clinic can do in a first visit.</p>"
    "<table><thead><tr><th>Visit</th><th>What</th></tr></thead>"
    "<tbody><tr><td>First</td><td>Measure, explain, agree on a goal</td></tr></tbody></table>"
    "<p><a href='https://example.test/guideline'>The guideline</a></p>"
)
DOSE = {
    "kind": "calculator",
    "title": "Body mass index",
    "intro": "Weight over the square of height.",
    "rests_on": {"words": "World Health Organization, technical report 894"},
    "inputs": [
        {"name": "weight", "label": "Weight", "unit": "kg", "min": "20", "max": "300",
         "decimals": 1},
        {"name": "height", "label": "Height", "unit": "cm", "min": "100", "max": "230"},
    ],
    "results": [{"name": "bmi", "label": "Body mass index", "unit": "kg/m²",
                 "formula": "weight / (height / 100) ^ 2", "decimals": 1}],
    "cases": [{"given": {"weight": "81", "height": "180"}, "expect": {"bmi": "25.0"}},
              {"given": {"weight": "81", "height": "18"}, "refused": "height"}],
}  # fmt: skip


def _troubles(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # a press may have left for a page that is not there yet
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{over} px too wide"] if over > 0 else []
    found += [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]
    ]
    return found


def _shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def _written(page, demo) -> str:
    """Write an item for the web with a file and a calculator, submit it, give its address."""
    page.goto(f"{demo.site}/content/new/")
    page.fill("#id_title", "Cholesterol in the clinic")
    page.select_option("#id_kind", "educational")
    page.click("main button[type=submit]")
    page.fill("#id_subject", "Cholesterol in the clinic")
    page.fill("#id_html", HTML)
    page.fill("#id_text", "Living with high cholesterol")
    page.fill("#id_markets", "US")
    page.check("input[name=audiences][value=hcp]")
    page.check("input[name=channels][value=web]")
    page.fill("#id_expires_on", "2027-06-30")
    page.click("main form button.primary[type=submit]")
    page.wait_for_selector("text=Files and interactive items")
    address = page.url
    page.click("text=Add a file")
    page.set_input_files("#id_file", {
        "name": "card.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\ncard\n%%EOF",
    })  # fmt: skip
    page.fill("#id_description", "A card for the first visit")
    page.click("form[action$='/files/'] button[type=submit]")
    page.wait_for_selector("a:text-is('A card for the first visit')")
    page.click("text=Add an interactive item")
    page.fill("#id_body", json.dumps(DOSE, indent=1))
    page.click("main form button.primary[type=submit]")
    page.wait_for_selector("text=All 2 cases come out")
    assert _troubles(page) == []
    _shot(page, "tool-staff")
    page.goto(address)
    _shot(page, "version-draft")
    page.click("form[action$='/submit/'] button[type=submit]")
    page.wait_for_selector("text=is in review")
    return address


@pytest.mark.browser
def test_a_page_is_published_read_on_a_telephone_and_gone_when_withdrawn(browser, demo):
    from entente.demo.people import PASSWORD

    lead = _sign_in(browser, demo, "Halden Pharma, Brand lead")
    address = _written(lead, demo)
    reviewer = _sign_in(browser, demo, "Halden Pharma, Medical, legal, regulatory reviewer")
    reviewer.goto(address)
    reviewer.check("input[name=verdict][value=approve]")
    reviewer.fill("#id_password", PASSWORD)
    reviewer.click("form[action$='/decide/'] button[type=submit]")
    reviewer.wait_for_selector("text=signed and recorded")

    lead.goto(address)
    lead.click("a:text-is('Publish')")
    lead.fill("#id_slug", "cholesterol")
    lead.check("#id_takes_registrations")
    _shot(lead, "publish")
    assert _troubles(lead) == []
    lead.click("main form button.primary[type=submit]")
    lead.wait_for_selector("text=Every rule passed")
    staff = lead.url

    reader = browser.new_context(
        viewport={"width": 390, "height": 844}, user_agent=TELEPHONE, locale="en-US",
        accept_downloads=True,
    )  # fmt: skip
    page = reader.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{demo.site}/h/cholesterol/")
    assert _troubles(page) == []
    _shot(page, "gate-390")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What a clinic can do")
    assert _troubles(page) == []
    _shot(page, "page-390")
    page.set_viewport_size({"width": 360, "height": 780})
    assert _troubles(page) == []
    with page.expect_download() as coming:
        page.click("text=A card for the first visit")
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-1.7")
    page.click("text=Body mass index")
    page.fill("#weight", "81")
    page.fill("#height", "18")
    page.click("text=Work it out")
    page.wait_for_selector("text=from 100 to 230 cm, and 18 is not")
    assert _troubles(page) == []
    page.fill("#height", "180")
    page.click("text=Work it out")
    page.wait_for_selector("text=25.0 kg/m²")
    assert _troubles(page) == []
    _shot(page, "tool-390")
    page.goto(f"{demo.site}/h/cholesterol/")
    page.wait_for_timeout(1_600)
    # What is sent while a page is left goes out under the real browser's name, a headless one.
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(500)
    assert [each for each in said if "Content Security Policy" in each] == []

    for size in ("wide", "narrow"):
        for scheme in ("light", "dark"):
            shown = _sign_in(browser, demo, "Halden Pharma, Brand lead", size=size, scheme=scheme)
            shown.goto(staff)
            assert _troubles(shown) == []
            _shot(shown, f"staff-{size}-{scheme}")
            shown.goto(f"{demo.site}/content/hosted/")
            assert _troubles(shown) == []
            _shot(shown, f"list-{size}-{scheme}")
    counted = lead.request.get(staff).text()
    assert "Mean time in view" in counted
    if SHOTS:
        _dark(browser, demo)

    lead.goto(address)
    lead.click("button:text-is('Withdraw')")
    lead.fill("dialog textarea", "A risk was found")
    lead.click("dialog button.danger")
    lead.wait_for_selector("text=The version is withdrawn")
    answer = page.goto(f"{demo.site}/h/cholesterol/")
    assert answer.status == 410
    assert "Its content was withdrawn" in page.inner_text("main")
    assert _troubles(page) == []
    _shot(page, "gone-390")


def _dark(browser, demo):
    """Pictures only: the page as it is in the dark, on a wide screen."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="dark", user_agent=TELEPHONE,
        locale="en-US",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{demo.site}/h/cholesterol/")
    _shot(page, "gate-1440-dark")
    page.click("button[value=declare]")
    page.wait_for_selector("article")
    _shot(page, "page-1440-dark")

"""The person's own page in his language, on a small telephone, by keyboard and screen reader."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .test_the_demo import _sign_in

pytestmark = [pytest.mark.slow, pytest.mark.feature("consent/hcp-control")]

WORDS = {
    "de": ("Ihre Einstellungen", "Ihre Einstellungen sind gespeichert.", "beendet"),
    "fr": ("Vos choix", "Vos choix sont enregistrés.", "mis fin"),
    "es": ("Sus preferencias", "Sus preferencias están guardadas.", "puso fin"),
}
SHOTS = os.environ.get("ENTENTE_SHOTS")


@pytest.fixture(scope="module")
def links(browser, demo) -> list[str]:
    """Preference pages of people who got the campaign's mail and still agree to it."""
    page = _sign_in(browser, demo, "Halden Pharma, Brand lead")
    page.goto(f"{demo.site}/demo/mail/")
    mails = page.eval_on_selector_all("main tbody a", "all => all.map(a => a.getAttribute('href'))")
    found = []
    for address in dict.fromkeys(mails):
        page.goto(demo.site + address)
        link = page.inner_text("dl.definitions div:has(dt:text-is('List-Unsubscribe')) dd")
        place = link.strip("<> ").replace("/u/", "/p/")
        page.goto(place)
        if place not in found and page.locator("input[name=on]:checked").count():
            found.append(place)
        if len(found) == len(WORDS):
            return found
    pytest.fail("the demo sent too few mails to people who still agree")


def _troubles(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{over} px too wide"] if over > 0 else []
    found += [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]
    ]
    return found


def _tab_to(page, selector: str) -> None:
    """Press Tab until something that fits has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


@pytest.mark.browser
@pytest.mark.parametrize(("n", "language"), list(enumerate(WORDS)))
def test_a_person_changes_his_choices_by_keyboard_in_his_language_at_360_pixels(
    browser, links, n, language
):
    title, saved, ended = WORDS[language]
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale=language)
    page = context.new_page()
    page.goto(links[n])
    assert page.inner_text("h1") == title, "the browser's language is enough"
    assert page.get_attribute("html", "lang") == language
    assert _troubles(page) == []
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"preferences-{language}.png"), full_page=True)

    _tab_to(page, "input[name=on]:checked")
    page.keyboard.press("Space")
    _tab_to(page, "button[value=save]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={saved}")
    assert ended in page.inner_text("main")
    assert _troubles(page) == []

    page.click("button[value=read]")
    page.wait_for_selector("h1")
    assert _troubles(page) == []
    context.close()

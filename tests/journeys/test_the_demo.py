"""The main job, as a newcomer sees it: performed, printed, looked at by every role."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.slow]

ROLES = [
    "Halden Pharma, Representative",
    "Halden Pharma, Medical science liaison",
    "Halden Pharma, Brand lead",
    "Halden Pharma, Alliance manager",
    "Halden Pharma, Medical, legal, regulatory reviewer",
    "Halden Pharma, Compliance officer",
    "Halden Pharma, Data steward",
    "Halden Pharma, Finance",
    "Halden Pharma, Privacy officer",
    "Halden Pharma, Administrator",
    "Northlake Health System, Partner marketer",
    "Northlake Health System, Partner seller",
    "Northlake Health System, Partner administrator",
]
SIZES = {"wide": (1440, 1000), "narrow": (390, 844)}
SHOTS = os.environ.get("ENTENTE_SHOTS")
LOOKS = [("wide", "light"), ("narrow", "dark")]
if SHOTS:
    # For people who look at the pictures; the checker's rules are covered by the first two.
    LOOKS += [("wide", "dark"), ("narrow", "light")]
SERIOUS = {"serious", "critical"}


def test_the_demo_ends_with_deliveries_equal_to_permits(demo):
    assert "Deliveries equal permits, nobody who was refused got mail, the ledger is sound." in (
        demo.printed
    )


def test_there_is_a_sign_in_link_for_every_role(demo):
    assert set(ROLES) <= set(demo.links)


def _sign_in(browser, demo, role, *, size="wide", scheme="light"):
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(demo.links[role])
    assert urlsplit(page.url).path == "/"
    return page


def _addresses(page) -> list[str]:
    """Every page of the menu, and the first of each kind of object it lists."""
    menu = page.eval_on_selector_all(
        ".side nav a[href]", "all => all.map(a => a.getAttribute('href'))"
    )
    found = list(dict.fromkeys(menu))
    for address in list(found):
        page.goto(urlsplit(page.url)._replace(path=address, query="").geturl())
        rows = page.eval_on_selector_all(
            "main a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
        )
        deeper = [r for r in rows if r not in found and "export" not in r and "?" not in r]
        found += list(dict.fromkeys(deeper))[:1]
    return found


@pytest.mark.browser
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible_and_fits_its_screen(browser, demo, role):
    from axe_playwright_python.sync_playwright import Axe

    page = _sign_in(browser, demo, role)
    addresses = _addresses(page)
    assert len(addresses) >= 3
    troubles = []
    for size, scheme in LOOKS:
        page = _sign_in(browser, demo, role, size=size, scheme=scheme)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        for address in addresses:
            answer = page.goto(demo.site + address)
            if answer.status >= 400:
                troubles.append(f"{address}: {answer.status}")
                continue
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            found = Axe().run(page).response["violations"]
            troubles += [
                f"{address} {size} {scheme}: {v['id']} {v['nodes'][0]['html'][:120]}"
                for v in found
                if v["impact"] in SERIOUS
            ]
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if over > 0:
                troubles.append(f"{address} {size}: {over} px too wide")
            if SHOTS:
                name = (
                    f"{role}-{address.strip('/').replace('/', '_') or 'home'}-{size}-{scheme}.png"
                )
                page.screenshot(path=str(Path(SHOTS) / name.replace(" ", "-")), full_page=True)
    assert troubles == []


@pytest.mark.browser
@pytest.mark.feature("pages/usability")
def test_an_hcp_is_found_and_opened_by_keyboard_alone(browser, demo):
    page = _sign_in(browser, demo, "Halden Pharma, Representative")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog.palette[open]")
    page.keyboard.type("ada")
    page.wait_for_selector("#palette-results a[href*='/hcps/']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*s/*")


@pytest.mark.browser
@pytest.mark.feature("consent/consent")
def test_an_opt_out_link_asks_before_it_acts(browser, demo):
    import urllib.request

    page = _sign_in(browser, demo, "Halden Pharma, Brand lead")
    page.goto(f"{demo.site}/demo/mail/")
    page.click("main td a")
    link = page.inner_text("dl.definitions div:has(dt:text-is('List-Unsubscribe')) dd").strip("<> ")
    for _ in range(5):
        with urllib.request.urlopen(link, timeout=20) as answer:
            assert answer.status == 200
    page.goto(link)
    assert page.locator("form button").count() >= 1

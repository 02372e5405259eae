"""The main job, as a newcomer sees it: performed, printed, looked at by every role."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

# What a newcomer gets, from the empty machine on.
FROM_NOTHING = True
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
    # The demo has its latest recipients opt out; one who has not is asked.
    page.locator("main td a").last.click()
    link = page.inner_text("dl.definitions div:has(dt:text-is('List-Unsubscribe')) dd").strip("<> ")
    for _ in range(5):
        with urllib.request.urlopen(link, timeout=20) as answer:
            assert answer.status == 200
    page.goto(link)
    assert page.locator("form button").count() >= 1


HOUSE_RULES = """
[pack]
id = "company/journey"
version = "1.0.0"
title = "Rules of a journey"
jurisdiction = "any"
notice = "Our own policy; it is no legal advice and needs a named reviewer."
reviewed_by = ""

[[pack.changelog]]
version = "1.0.0"
on = 2026-01-01
change = "First edition."

[[rules]]
id = "HOUSE-MAIL-1"
title = "Promotion does not travel by e-mail any more"
citation = "Company policy"
from = 2020-01-01
severity = "block"
basis = "company"
certainty = "company policy"
applies = "action.type = 'email'"
requires = "NOT action.promotional"
message.en = "Promotion does not travel by e-mail any more."
scenarios = [
  { name = "a service notice", on = 2026-03-02, expect = "pass" },
  { name = "promotion", on = 2026-03-02, with = { "action.promotional" = true }, expect = "refused" },
  { name = "not known", on = 2026-03-02, without = ["action.promotional"], expect = "undecided" },
]
[rules.base]
"action.type" = "email"
"action.promotional" = false

[[rules]]
id = "HOUSE-MEAL-1"
title = "Compliance looks at every dinner"
citation = "Company policy"
from = 2020-01-01
severity = "approve"
role = "compliance"
basis = "company"
certainty = "company policy"
applies = "action.type = 'meal'"
requires = "meal.kind <> 'dinner'"
message.en = "A dinner is looked at by compliance."
scenarios = [
  { name = "lunch", on = 2026-03-02, expect = "pass" },
  { name = "dinner", on = 2026-03-02, with = { "meal.kind" = "dinner" }, expect = "refused" },
  { name = "not known", on = 2026-03-02, without = ["meal.kind"], expect = "undecided" },
]
[rules.base]
"action.type" = "meal"
"meal.kind" = "lunch"
"""


def _first_hcp(page, demo) -> str:
    """Give the address of somebody who got the campaign's mail."""
    page.goto(f"{demo.site}/sends/?status=sent")
    page.click("main tbody th a")
    return page.get_attribute("dl.definitions a[href^='/hcps/']", "href")


@pytest.mark.browser
def test_a_rule_is_written_tried_activated_by_another_and_then_refuses_and_refers(browser, demo):
    officer = _sign_in(browser, demo, "Halden Pharma, Compliance officer")
    officer.goto(f"{demo.site}/packs/")
    officer.click("text=Write a pack")
    officer.fill("#id_note", "Fewer e-mails")
    officer.fill("#id_text", HOUSE_RULES)
    officer.click("text=Save the draft")
    draft = officer.url
    assert "cases come out as they should" in officer.inner_text("main")
    officer.click("button:has-text('Try')")
    told = officer.inner_text("main")
    assert "Come out differently" in told
    assert "HOUSE-MAIL-1" in told

    reviewer = _sign_in(browser, demo, "Halden Pharma, Medical, legal, regulatory reviewer")
    reviewer.goto(draft)
    today = datetime.now(UTC).date().isoformat()
    reviewer.fill("#id_from_on", today)
    reviewer.fill("#id_password", "invented people only")
    reviewer.click("text=Sign and bring into force")
    assert "is in force from" in reviewer.inner_text("main, [role=status], .toasts, body")

    rep = _sign_in(browser, demo, "Halden Pharma, Representative")
    hcp = _first_hcp(rep, demo)
    rep.goto(f"{demo.site}{hcp}send/")
    rep.select_option("#id_purpose", "promotion")
    rep.click("text=Ask the gate and send")
    assert "Promotion does not travel by e-mail any more" in rep.inner_text("main")

    rep.goto(f"{demo.site}/expenses/new/?hcp={hcp.strip('/').split('/')[-1]}")
    rep.select_option("#id_kind", "dinner")
    rep.fill("#id_total", "80.00")
    rep.fill("#id_headcount", "2")
    rep.click("main form button[type=submit]:not([name])")
    assert "A dinner is looked at by compliance" in rep.inner_text("main")

    officer.goto(f"{demo.site}/referrals/?standing=open")
    officer.click("main tbody th a")
    officer.check("input[value=approve]")
    officer.fill("#id_reason", "A working dinner after the round.")
    officer.fill("#id_password", "invented people only")
    officer.click("text=Sign the answer")
    assert "Approved" in officer.inner_text("main")


@pytest.mark.browser
@pytest.mark.feature("policy/rule-matrix")
def test_a_cell_of_the_rule_matrix_is_closed_in_a_draft_by_page(browser, demo):
    officer = _sign_in(browser, demo, "Halden Pharma, Compliance officer")
    officer.goto(f"{demo.site}/packs/matrix/")
    assert "Everything is open" in officer.inner_text("main")
    officer.click("a[aria-label='Says new, E-mail: Open']")
    assert officer.input_value("#id_claim") == "new"
    officer.select_option("#id_lane", "closed")
    officer.click("text=Save in the draft")
    told = officer.inner_text("body")
    assert "Nothing is decided by it yet" in told
    assert "MX-ANY-EMAIL-NEW-ANY" in told
    assert officer.is_visible("a[aria-label='Says new, E-mail: Closed']")
    officer.click("text=Try it and bring it into force")
    assert "cases come out as they should" in officer.inner_text("main")

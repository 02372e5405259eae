"""A joint item from draft to release: two panels, two refusals, a deputy, a certificate."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.test_the_demo import SIZES

pytestmark = [pytest.mark.slow]

PASSWORD = "invented people only"
BRAND, COMPLIANCE, PARTNER = (
    "Halden Pharma, Brand lead",
    "Halden Pharma, Compliance officer",
    "Northlake Health System, Partner marketer",
)
TODAY = datetime.now(UTC).date()
TITLE = "A joint letter on early titration"
STATEMENT = "Supported by Halden Pharma and Northlake Health System"


def beside(demo, *arguments: str) -> dict:
    """Run a program in the demo's world."""
    environment = {**demo.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.journeys.panel_world", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2_000:]
    return json.loads(told.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def desk(demo, browser):
    """Give a signed-in page for somebody, each in a browser of its own."""
    links = {**demo.links, **{n: demo.site + p for n, p in beside(demo, "people").items()}}

    def sit_down(who: str, size: str = "wide"):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(links[who])
        return page

    return sit_down


def give_seats(page, site: str) -> None:
    for function, name in (
        ("medical", "Meda Clinica"), ("legal", "Lex Statute"), ("regulatory", "Reg Filewright"),
    ):  # fmt: skip
        page.goto(f"{site}/content/panel/")
        page.select_option("[name=function]", function)
        page.select_option("form[action$='/seats/'] [name=holder]", label=f"{name}, Reviewer")
        page.click("text=Give seat")
    page.wait_for_selector("table >> text=Legal reviewer")


def name_deputy(page, site: str) -> None:
    page.goto(f"{site}/content/panel/")
    form = "form[action$='/deputies/']"
    page.select_option(f"{form} [name=seat]", label="Medical reviewer: Meda Clinica")
    page.select_option(f"{form} [name=holder]", label="Dep Standin, Reviewer")
    page.fill(f"{form} [name=to_on]", str(TODAY + timedelta(days=7)))
    page.fill(f"{form} [name=reason]", "On leave")
    page.click(f"{form} button[type=submit]")
    page.wait_for_selector("text=Dep Standin stands in")


def write(page, address: str, said: str) -> None:
    """Write a version and submit it."""
    page.goto(address)
    page.fill("[name=subject]", "Early titration after discharge")
    body = f"{said} Promotional information. Education on titration. {STATEMENT}"
    page.fill("[name=html]", f"<p>Dear {{{{given_name}}}}</p><p>{body}</p>")
    page.fill("[name=text]", f"Dear {{{{given_name}}}}\n{body}")
    page.fill("[name=markets]", "US")
    page.check("[name=audiences][value=hcp]")
    page.check("[name=channels][value=web]")
    page.fill("[name=expires_on]", str(TODAY + timedelta(days=200)))
    page.fill("[name=support_statement]", STATEMENT)
    page.click("text=Save draft")
    page.click("main form[action$='/submit/'] button[type=submit]")
    page.wait_for_selector("text=Its words are now fixed")


def sign(page, address: str, verdict: str = "approve", comment: str = "") -> None:
    page.goto(address)
    # By keyboard: the preview beside the form may still move it under the pointer.
    page.locator(f"[name=verdict][value={verdict}]").press("Space")
    assert page.is_checked(f"[name=verdict][value={verdict}]")
    page.fill("[name=comment]", comment)
    page.fill("form[action$='/decide/'] [name=password]", PASSWORD)
    page.locator("form[action$='/decide/'] button[type=submit]").press("Enter")
    page.wait_for_selector("text=Your verdict is signed")


@pytest.mark.feature("content/co-authored-content")
def test_two_companies_review_a_joint_item_until_it_is_released(demo, desk):
    compliance, author = desk(COMPLIANCE), desk(BRAND)
    give_seats(compliance, demo.site)
    name_deputy(compliance, demo.site)
    author.goto(f"{demo.site}/content/new/")
    author.fill("[name=title]", TITLE)
    author.select_option("[name=kind]", "educational")
    author.check("label:has-text('Northlake Health System')")
    author.click("main form button[type=submit]")
    writing = author.url
    write(author, writing, "First words.")
    first = author.url
    sign(desk("Reg Filewright"), first, "refuse", "Name the study")
    write(author, writing, "Second words, with the study.")
    partner = desk(PARTNER, size="narrow")
    sign(partner, author.url, "refuse", "Our name is misspelt")
    write(author, writing, "Third words, mended.")
    last = author.url
    sign(desk("Reg Filewright"), last)
    sign(desk("Lex Statute"), last)
    sign(partner, last)
    author.goto(last)
    assert author.locator(".tag >> text=In review").count() == 1
    sign(desk("Dep Standin"), last)
    author.goto(last)
    assert author.locator(".tag >> text=Released").count() >= 1
    assert author.locator("text=Medical reviewer for Meda Clinica").count() == 1
    answered = author.request.get(f"{last}certificate/")
    assert answered.headers["content-type"] == "application/pdf"
    assert answered.body().startswith(b"%PDF-")
    assert b"%%EOF" in answered.body()[-64:]
    author.goto(first)
    assert author.locator(".tag >> text=Sent back").count() >= 1
    assert beside(demo, "verify", TITLE) == {"given": 4, "void": 0, "void_after": 4}

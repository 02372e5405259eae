"""A survey is written at a desk, answered on a telephone, and its results are read at the desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .test_a_hosted_page import TELEPHONE, _troubles
from .test_the_demo import _sign_in

pytestmark = [pytest.mark.slow, pytest.mark.feature("alliances/partner-feedback")]

BRAND_LEAD = "Halden Pharma, Brand lead"
SHOTS = os.environ.get("ENTENTE_SHOTS")


def _shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def _telephone(browser, *, scheme="light", script=False):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=scheme, user_agent=TELEPHONE,
        java_script_enabled=script, has_touch=True,
    )  # fmt: skip
    return context.new_page()


def _question(page, text, kind, code, *, options="", required=False):
    page.click("main a:has-text('Add')")
    page.fill("#id_text_en", text)
    page.select_option("#id_kind", kind)
    page.fill("#id_code", code)
    if options:
        page.fill("#id_options_en", options)
    if required:
        page.check("#id_required")
    page.click("main form button.primary[type=submit]")
    page.wait_for_selector(f"code:text-is('{code}')")


def _written(page, demo) -> str:
    """Write a survey with an open address, open it and give that address."""
    page.goto(f"{demo.site}/surveys/")
    page.click("main a:has-text('New survey') >> nth=0")
    page.fill("#id_title", "What did the cholesterol letters do for you?")
    page.check("#id_takes_open")
    assert _troubles(page) == []
    _shot(page, "survey-new")
    page.click("main form button.primary[type=submit]")
    page.wait_for_selector("text=No question yet")
    _question(page, "How useful was the last letter to you?", "useful", "useful", required=True)
    _question(
        page, "How would you rather hear from us?", "single", "way",
        options="mail: By e-mail\ncall: By telephone\nnone: Not at all",
    )  # fmt: skip
    _question(page, "What would have been better?", "text", "better")
    assert _troubles(page) == []
    _shot(page, "survey-draft")
    page.click("button:has-text('Open it') >> nth=0")
    page.click("dialog button:has-text('Open it')")
    page.wait_for_selector("text=Open address")
    _shot(page, "survey-open")
    return page.get_attribute("[data-copy]", "data-copy")


def _answered(page, address, step):
    """Answer on a telephone without a script, by the keyboard alone where it chooses."""
    page.goto(address)
    page.focus("input[name=q-useful] >> nth=0")
    page.keyboard.press("Space")
    for _ in range(step - 1):
        page.keyboard.press("ArrowRight")
    assert page.is_checked(f"input[name=q-useful][value='{step}']")
    page.click("button.primary")
    page.wait_for_selector("text=How would you rather")
    page.check("input[name=q-way][value=mail]")
    page.click("button.primary")
    page.wait_for_selector("text=What would have been better")
    page.click("button.primary")
    page.wait_for_selector("text=Your answers have been received")


def test_a_survey_is_answered_on_a_telephone_and_read_at_a_desk(demo, browser):
    desk = _sign_in(browser, demo, BRAND_LEAD)
    address = _written(desk, demo)
    for scheme in ("light", "dark"):
        telephone = _telephone(browser, scheme=scheme, script=True)
        telephone.goto(address)
        assert _troubles(telephone) == []
        _shot(telephone, f"survey-first-{scheme}")
        telephone.click("button.primary")
        telephone.wait_for_selector("text=Please answer this question")
        assert _troubles(telephone) == []
        _shot(telephone, f"survey-missing-{scheme}")
        telephone.check("input[name=q-useful][value='4']")
        telephone.click("button.primary")
        telephone.wait_for_selector("text=Question 2 of 3")
        assert _troubles(telephone) == []
        _shot(telephone, f"survey-second-{scheme}")
    telephone = _telephone(browser)
    for k in range(11):
        _answered(telephone, address, 1 + k % 5)
    _shot(telephone, "survey-thanks")
    desk.click("main a:has-text('Results')")
    desk.wait_for_selector("text=11 by the open address")
    assert _troubles(desk) == []
    _shot(desk, "survey-results")
    desk.goto(f"{demo.site}/surveys/")
    _shot(desk, "survey-list")
    for scheme, size in (("dark", "wide"), ("light", "narrow"), ("dark", "narrow")):
        other = _sign_in(browser, demo, BRAND_LEAD, size=size, scheme=scheme)
        for path in (desk.url, f"{desk.url}usefulness/", f"{desk.url}new/"):
            other.goto(path)
            assert _troubles(other) == []
        other.goto(desk.url)
        other.click("th a:has-text('cholesterol letters')")
        assert _troubles(other) == []
        _shot(other, f"survey-one-{size}-{scheme}")
        other.click("main a:has-text('Results')")
        assert _troubles(other) == []
        _shot(other, f"survey-results-{size}-{scheme}")

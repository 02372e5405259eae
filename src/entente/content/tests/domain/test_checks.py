"""What is checked before a person spends time on a version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from entente.content.domain.checks import LONGEST_DAYS, ClaimFacts, Material, check

TODAY = date(2026, 11, 20)
ADDRESS = "1 Halden Way, Testford"
STATEMENT = "Made by Halden with Northlake."
CLAIM = ClaimFacts("Lowers LDL.", in_label=True, n_references=1)
GOOD = Material(
    kind="promo",
    subject="Data",
    html=f"<p>Lowers LDL.</p><p>{STATEMENT} Advertisement. 1 Halden&nbsp;Way,<br>Testford</p>"
    '<a href="{{unsubscribe_url}}">Stop</a>',
    text=f"Lowers LDL.\n{STATEMENT}\nAdvertisement\n{ADDRESS}\n{{{{ unsubscribe_url }}}}",
    markets=["US"],
    audiences=["hcp"],
    channels=["email"],
    expires_on=TODAY,
    cobranded=True,
    support_statement=STATEMENT,
    party_names=["Halden", "Northlake"],
    postal_address=ADDRESS,
    claims=[CLAIM],
)


def failed(**changes):
    found = check(replace(GOOD, **changes), today=TODAY)
    return {finding.code for finding in found if not finding.passed}


def test_a_complete_version_passes_every_check():
    assert failed() == set()


@pytest.mark.feature("policy/guardrails")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": " "}, "subject"),
        ({"html": "<p>Only text</p>", "text": ""}, "text"),
        ({"markets": []}, "scope"),
        ({"subject": "For {{diagnosis}}"}, "merge_fields"),
        ({"html": GOOD.html + '<a href="/x">x</a>'}, "links"),
        ({"html": GOOD.html + '<a href="javascript:x()">x</a>'}, "links"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expiry"),
        ({"expires_on": TODAY + timedelta(days=LONGEST_DAYS + 1)}, "expiry"),
        ({"text": GOOD.text.replace("unsubscribe_url", "given_name")}, "unsubscribe"),
        ({"html": GOOD.html.replace("Testford", "Elsewhere")}, "postal_address"),
        ({"postal_address": ""}, "postal_address"),
        ({"text": GOOD.text.replace("Advertisement", "")}, "ad"),
        ({"support_statement": ""}, "support"),
        ({"support_statement": "Made by Halden."}, "support"),
        ({"party_names": ["Halden", "Northlake", "Society"]}, "support"),
        ({"claims": [replace(CLAIM, n_references=0)]}, "references"),
        ({"claims": [replace(CLAIM, in_label=False)]}, "label"),
        ({"claims": [replace(CLAIM, withdrawn=True)]}, "label"),
        ({"claims": [replace(CLAIM, expires_on=TODAY - timedelta(days=1))]}, "claim_expiry"),
        ({"claims": [replace(CLAIM, text="Cures all.")]}, "claim_text"),
    ],
)
def test_each_fault_is_found_by_its_own_check(change, code):
    assert code in failed(**change)


def test_duties_bind_only_what_they_are_about():
    assert "ad" not in failed(kind="educational", text=GOOD.text.replace("Advertisement", ""))
    assert "support" not in failed(cobranded=False, support_statement="")
    assert "unsubscribe" not in failed(channels=["web"], html="<p>x</p>")


def test_the_last_possible_day_is_possible():
    assert "expiry" not in failed(expires_on=TODAY + timedelta(days=LONGEST_DAYS))


def test_a_claim_that_is_not_found_word_for_word_is_pointed_out_and_blocks_nothing():
    found = check(replace(GOOD, claims=[replace(CLAIM, text="Cures all.")]), today=TODAY)
    assert [f.blocks for f in found if not f.passed] == [False]

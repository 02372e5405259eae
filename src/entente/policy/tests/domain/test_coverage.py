"""What became of every row of the table of codes of practice."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from entente.policy.coverage import covered, rows_of
from entente.policy.domain.pack_reader import read_pack
from entente.policy.packs import load_packs

SHARED = Path(os.environ.get("ENTENTE_SHARED", Path(__file__).resolve().parents[6] / "shared"))
CODES = SHARED / "facts/codes-of-practice.md"

PACK = """
[pack]
id = "us/test"
version = "1.0.0"
title = "Test"
jurisdiction = "US"
notice = "No legal advice."
[[pack.changelog]]
version = "1.0.0"
on = 2026-01-01
change = "First."
[[checklist]]
id = "US-T-2-B"
title = "Asked"
ask = "Is it so?"
role = "legal"
citation = "s.2"
certainty = "recall"
on = "review"
[[left_out]]
id = "US-T-3"
why = "A penalty, which asks nothing of an act."
"""
TABLE = "| id | x |\n|---|---|\n| US-T-1 | one |\n| US-T-2 | two |\n| US-T-3 | three |\n"


def test_a_row_is_a_rule_a_question_left_out_with_a_reason_or_missing():
    told = covered([read_pack(PACK)], rows_of(TABLE))
    assert [(t.row, t.how) for t in told] == [
        ("US-T-1", "missing"),
        ("US-T-2", "checklist"),
        ("US-T-3", "left out"),
    ]
    assert "penalty" in told[2].by


@pytest.mark.skipif(not CODES.exists(), reason=f"{CODES.name} lies in shared/, which is not here")
@pytest.mark.feature("policy/code-us")
@pytest.mark.feature("policy/code-eu")
@pytest.mark.feature("policy/code-in")
@pytest.mark.feature("policy/guardrails")
def test_every_row_of_the_codes_became_something():
    told = covered(load_packs(), rows_of(CODES.read_text(encoding="utf-8")))
    counts = Counter(each.how for each in told)
    assert [each.row for each in told if each.how == "missing"] == []
    assert len(told) == 262
    assert counts["rule"] >= 210

"""Packs: every scenario holds, every date has two sides, and bad packs say what is wrong."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from entente.policy.domain.compile import compile_packs
from entente.policy.domain.pack_reader import read_pack
from entente.policy.domain.packs import BadPack
from entente.policy.domain.scenarios import run_scenarios
from entente.policy.packs import load_packs, packs_folder

SMALL = """
[pack]
id = "test/small"
version = "1.0.0"
title = "Small"
jurisdiction = "any"
notice = "This is no legal advice."
[[pack.changelog]]
version = "1.0.0"
on = 2026-01-01
change = "First."
[parameters.cap]
type = "integer"
unit = "e-mails"
meaning = "Most e-mails"
2026-01-01 = { value = 4, source = "company" }
2026-07-01 = { value = 2, source = "company" }
[[rules]]
id = "PG-CAP-1"
title = "Cap"
citation = "company"
from = 2026-01-01
to = 2026-12-31
severity = "block"
basis = "company"
certainty = "company"
applies = "action.type = 'email'"
requires = "tally.emails_30d < :cap"
message.en = "{tally.emails_30d} of {:cap}."
scenarios = [
  { name = "below", on = 2026-03-02, expect = "pass" },
  { name = "old cap", on = 2026-06-30, with = { "tally.emails_30d" = 3 }, expect = "pass" },
  { name = "new cap", on = 2026-07-01, with = { "tally.emails_30d" = 3 }, expect = "refused" },
  { name = "unknown", on = 2026-03-02, without = ["tally.emails_30d"], expect = "undecided" },
]
[rules.base]
"action.type" = "email"
"tally.emails_30d" = 1
"""


def test_every_scenario_of_every_pack_holds(packs):
    tried = run_scenarios(packs)
    assert [one for one in tried if not one.ok] == []
    assert len(tried) > 300


def test_a_false_scenario_is_noticed():
    bad = SMALL.replace(
        '"tally.emails_30d" = 3 }, expect = "pass"', '"tally.emails_30d" = 9 }, expect = "pass"'
    )
    assert [one.name for one in run_scenarios([read_pack(bad)]) if not one.ok] == ["old cap"]


def test_every_dated_value_holds_from_its_first_day_and_not_the_day_before(packs):
    for pack in packs:
        for parameter in pack.parameters.values():
            for value in parameter.values:
                assert parameter.on(value.start) is value
                assert parameter.on(value.start - dt.timedelta(days=1)) is not value


def test_every_rule_is_cited_dated_and_from_memory_only_refers(packs):
    for pack in packs:
        assert "legal advice" in pack.notice
        for rule in pack.rules:
            assert rule.citation
            assert rule.messages["en"]
            if rule.certainty.startswith("recall"):
                assert rule.severity in ("approve", "record", "warn")
            if rule.basis == "law":
                assert rule.overridable_by is None


def test_consent_review_and_law_cannot_be_overridden(packs):
    allowed = {r.id for p in packs for r in p.rules if r.overridable_by}
    caps = {f"PG-FREQ-{n}" for n in range(1, 7)}
    assert allowed == {*caps, "PG-QUIET-1", "US-PHRMA-MEAL-2", "UK-MEAL-2"}


def test_the_hash_follows_the_content_and_not_the_comments():
    one = read_pack(SMALL)
    assert read_pack("# a comment\n" + SMALL).content_hash == one.content_hash
    assert read_pack(SMALL.replace("value = 2", "value = 3")).content_hash != one.content_hash


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('id = "test/small"', 'id = "Test Small"', "PACK-017"),
        ('version = "1.0.0"\ntitle', 'version = "1.1.0"\ntitle', "PACK-024"),
        ("no legal advice", "fine", "PACK-025"),
        ("[[rules]]", "[[rules", "PACK-001"),
        ('severity = "block"', 'severity = "deny"', "PACK-005"),
        ('severity = "block"', 'severity = "approve"', "PACK-018"),
        ('severity = "block"', 'severity = "block"\ncolour = "red"', "PACK-004"),
        ('basis = "company"\n', 'basis = "law"\noverridable_by = "legal"\n', "PACK-022"),
        ('citation = "company"\n', "", "PACK-002"),
        ("from = 2026-01-01", 'from = "2026-01-01"', "PACK-003"),
        ("action.type = 'email'\"", 'tally.emails_30d > 0"', "PACK-019"),
        ("action.type = 'email'\"", "action.type = 'e-mail'\"", "PACK-009"),
        ("< :cap", "< :limit", "COND-007"),
        ("tally.emails_30d < :cap", "tally.emails < :cap", "COND-005"),
        ("tally.emails_30d < :cap", "action.amount_minor < :cap", "COND-010"),
        ("of {:cap}", "of {:top}", "PACK-016"),
        ("of {:cap}", "of {cap", "PACK-016"),
        ("message.en", "message.de", "PACK-015"),
        ("{ value = 4,", '{ value = "four",', "PACK-006"),
        ("{ value = 4,", "{ value = 4.5,", "PACK-006"),
        ("2026-07-01 =", "july =", "PACK-007"),
        ('"tally.emails_30d" = 1', '"tally.emails_30d" = true', "PACK-011"),
        ('"tally.emails_30d" = 1', '"tally.letters" = 1', "PACK-010"),
        ('expect = "undecided"', 'expect = "pass"', "PACK-014"),
        ('without = ["tally.emails_30d"]', 'without = ["action.date"]', "PACK-012"),
    ],
)
def test_a_bad_pack_is_refused_with_file_code_and_remedy(old, new, code):
    assert old in SMALL
    with pytest.raises(BadPack) as bad:
        read_pack(SMALL.replace(old, new, 1), "small.toml")
    assert bad.value.code == code
    assert bad.value.where.startswith("small.toml")
    assert bad.value.remedy


def test_a_rule_from_memory_may_not_block():
    text = SMALL.replace("PG-CAP-1", "US-CAP-1").replace(
        'certainty = "company"', 'certainty = "recall"'
    )
    with pytest.raises(BadPack, match="PACK-023"):
        read_pack(text)


def test_two_rules_of_one_id_are_refused():
    pack = read_pack(SMALL)
    with pytest.raises(BadPack, match="PACK-020"):
        compile_packs([pack, replace(pack, id="test/other")])


def test_a_folder_without_packs_is_refused(tmp_path):
    with pytest.raises(BadPack, match="PACK-031"):
        load_packs(tmp_path)


def test_the_order_of_packs_changes_nothing(packs):
    assert compile_packs(packs[::-1]).rules == compile_packs(packs).rules


def test_no_pack_holds_a_path_or_an_empty_citation():
    for file in Path(packs_folder()).rglob("*.toml"):
        assert 'citation = ""' not in file.read_text()

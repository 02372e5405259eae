"""The written reference follows the code."""

import re
import tomllib
from pathlib import Path

from entente.policy.domain.facts import facts_markdown
from entente.policy.domain.language import admit

DOCS = Path(__file__).resolve().parents[5] / "docs"


def test_the_fact_reference_is_the_fact_table():
    assert (DOCS / "reference/facts.md").read_text(encoding="utf-8") == facts_markdown()


def test_the_examples_of_the_guide_are_sound():
    guide = (DOCS / "howto/write-a-rule.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", guide, re.S)
    assert len(blocks) == 3
    rule = tomllib.loads(blocks[2])["rules"][0]
    assert admit(rule["applies"])[0]
    assert admit(rule["requires"])[0]
    assert admit("action.country > 5") == (False, "COND-010: text meets integer (character 1)")

"""Every check does what its scenarios in the pack say."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from html import escape
from pathlib import Path

import pytest

from entente.content.domain.checks import Material
from entente.content.domain.precheck.label_text import read_text
from entente.content.domain.precheck.pack import BadCheckPack, read_pack
from entente.content.domain.precheck.run import as_findings, precheck
from entente.content.domain.precheck.subject import Subject, UsedClaim

FOLDER = Path(__file__).resolve().parents[5] / "checkpacks" / "content"
CHECKS = tomllib.loads((FOLDER / "checks.toml").read_text(encoding="utf-8"))
WORDS = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
PACK = read_pack(CHECKS, WORDS)
# An invented label of an invented medicine: code, parent, heading, words, key.
ROWS = [
    ("34066-1", None, "WARNING: LIVER FAILURE",
     "Lipidex can cause liver failure, some cases fatal. Test liver enzymes before Lipidex and every"
     " month during treatment.", "a"),
    ("34067-9", None, "1 INDICATIONS",
     "Lipidex is indicated to lower LDL cholesterol in adults with primary hyperlipidemia, together"
     " with diet. Lipidex is indicated to reduce the risk of stroke in adults with diabetes.", "b"),
    ("42229-5", 1, "1.3 Limitations of Use",
     "Lipidex has not been studied in nephrotic syndrome.", "b/c"),
    ("34068-7", None, "2 DOSAGE",
     "Start with 10 mg once daily. The highest dose is 40 mg once daily.", "d"),
    ("34070-3", None, "4 CONTRAINDICATIONS", "", "e"),
    ("42229-5", 4, "4.1 Active liver disease", "", "e/f"),
    ("43685-7", None, "5 WARNINGS", "Rhabdomyolysis was reported.", "g"),
    ("34084-4", None, "6 ADVERSE REACTIONS", "Headache and nausea were most common.", "h"),
    ("42228-7", None, "8.1 Pregnancy", "Lipidex should not be used in pregnant women.", "i"),
    ("34081-0", None, "8.4 Pediatric Use",
     "Safety and effectiveness in pediatric patients have not been established.", "j"),
    ("34092-7", None, "14 STUDIES",
     "In a study of 400 adults Lipidex lowered LDL cholesterol by half in twelve weeks.", "k"),
]  # fmt: skip
LABEL = read_text(
    ROWS,
    product_names=["Lipidex", "velostatin"],
    number=1,
    lexicon=PACK.lists.lexicon,
    forbids=PACK.lists["forbids"],
)
SCENARIOS = [
    pytest.param(check, scenario, id=f"{check.id}-{n}")
    for check in PACK.checks
    for n, scenario in enumerate(check.scenarios, start=1)
]


def subject(**given) -> Subject:
    text = given.get("text", "")
    html = given.get("html", f"<p>{escape(text, quote=False)}</p>")
    material = Material(
        kind=given.get("kind", "promo"),
        subject="",
        html=html,
        text=text or " ",
        markets=["US"],
        audiences=[given.get("audience", "hcp")],
        channels=["web"],
        expires_on=date(2027, 1, 1),
        cobranded=False,
        support_statement="",
        party_names=[],
        postal_address="",
        claims=[],
    )
    claims = [
        UsedClaim(
            text,
            state=given.get("state", ""),
            fallen=given.get("fallen", ""),
            has_support=given.get("support", True),
        )
        for text in given.get("claims", ())
    ]
    label = LABEL if given.get("label", True) else None
    return Subject(material, label, claims, given.get("pairs", ()))


@pytest.mark.feature("content/pre-check")
@pytest.mark.feature("policy/guardrails")
@pytest.mark.parametrize(("check", "scenario"), SCENARIOS)
def test_a_check_finds_what_its_scenario_says(check, scenario):
    found = [f for f in precheck(subject(**scenario), PACK) if f.rule == check.id]
    severities = {f.severity for f in found}
    worst = next((s for s in ("block", "warn", "note") if s in severities), "clear")
    assert worst == scenario["expect"], found


@pytest.mark.parametrize("check", PACK.checks, ids=lambda check: check.id)
def test_every_check_has_a_scenario_that_is_clear(check):
    assert any(s["expect"] == "clear" for s in check.scenarios) or check.id in {"LB-11"}


@pytest.mark.feature("content/pre-check")
def test_a_finding_says_where_it_is_in_the_source_and_quotes_the_label():
    html = "<p>A &amp; B</p><p>Lipidex treats <b>asthma</b>.</p>"
    (found,) = [f for f in precheck(subject(html=html), PACK) if f.rule == "LB-1"]
    assert html[found.start : found.end] == "Lipidex treats <b>asthma</b>."
    assert (found.form, found.words) == ("html", "Lipidex treats asthma.")
    assert "primary hyperlipidemia" in found.label_words
    assert found.label_section == "1 INDICATIONS"


SAID = ("{} can be given to {}.", "{} is safe for {}.", "{} suits {}.", "Give {} to {} too.")
NEVER = (
    "children", "toddlers", "teenagers", "kids of 8 years", "adolescents", "pregnant women",
    "nursing infants", "patients with active liver disease", "patients with nephrotic syndrome",
    "patients with asthma", "patients with psoriasis", "a boy of 12 years", "expectant mothers",
)  # fmt: skip


@pytest.mark.feature("content/pre-check")
@pytest.mark.parametrize("who", NEVER)
@pytest.mark.parametrize("said", SAID)
def test_what_the_label_forbids_or_does_not_indicate_never_passes_silently(said, who):
    found = precheck(subject(text=said.format("Lipidex", who)), PACK)
    assert [
        f for f in found if f.rule.startswith("LB") and f.severity == "block" and f.rule != "LB-10"
    ]


@pytest.mark.feature("content/pre-check")
@pytest.mark.parametrize(
    "said",
    [
        "Lipidex never causes liver failure.",
        "There is no risk of liver failure with Lipidex.",
        "Lipidex is completely safe for the liver.",
        "With Lipidex liver enzymes need not be tested; there is no need for tests.",
        "Lipidex does not raise the risk of fatal liver failure.",
    ],
)
def test_what_contradicts_the_boxed_warning_is_blocked(said):
    found = precheck(subject(text=said), PACK)
    assert [f for f in found if f.rule in {"LB-1", "LB-2", "LB-3"} and f.severity == "block"]


def test_a_sentence_that_a_reviewer_found_carried_is_warned_of_and_not_passed_over():
    said = "Lipidex treats asthma."
    free = precheck(subject(text=said, claims=[said], state="holds"), PACK)
    assert {f.severity for f in free if f.rule == "LB-1"} == {"warn"}


def test_answers_block_only_where_a_finding_does():
    found = precheck(subject(text="Lipidex treats asthma. A breakthrough."), PACK)
    answers = {a.code: a for a in as_findings(found, PACK)}
    assert (answers["LB-1"].blocks, answers["WD-1"].blocks) == (True, False)
    assert "Lipidex treats asthma." in answers["LB-1"].remedy
    assert "LB-11" not in answers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"severity": "maybe"}, "a severity is one of"),
        ({"colour": "red"}, "no field is called colour"),
        ({"id": "LB-2"}, "two checks have one id"),
    ],
)
def test_a_pack_with_a_mistake_is_refused(change, words):
    bad = copy.deepcopy(CHECKS)
    bad["checks"][0].update(change)
    with pytest.raises(BadCheckPack, match=words):
        read_pack(bad, WORDS)


def test_the_hash_of_a_pack_is_over_all_that_decides():
    other = copy.deepcopy(WORDS)
    other["lists"]["restricted"].append("novel")
    assert read_pack(CHECKS, other).hash != PACK.hash
    assert read_pack(CHECKS, WORDS).hash == PACK.hash

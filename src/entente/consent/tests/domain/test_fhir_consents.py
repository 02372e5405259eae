"""What FHIR Consents say: the examples of HL7 as a table, and rules that hold for all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.consent.domain.fhir_consent import Outcome, Question, decide

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "fhir-r4" / "hl7-examples"
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
THEN = datetime(2016, 6, 1, 12, tzinfo=UTC)
CDA = {"class": {"application/hl7-cda+xml"}, "code": {"34133-9"}}
# Example, actor, action, moment, what else is known, and the verdict.
VERDICTS = [
    ("basic", "Organization/f001", "access", TODAY, {}, "not-in-force"),
    ("basic", "Organization/f001", "access", THEN, {}, "not-in-force"),
    ("Out", "Organization/f001", "access", TODAY, {}, "deny"),
    ("Out", "Practitioner/f204", "disclose", TODAY, {}, "deny"),
    ("notOrg", "Organization/f001", "access", TODAY, {}, "deny"),
    ("notOrg", "Organization/f001", "correct", TODAY, {}, "deny"),
    ("notOrg", "Organization/f001", "disclose", TODAY, {}, "permit"),
    ("notOrg", "Organization/f002", "access", TODAY, {}, "permit"),
    ("notOrg", "Organization/f002", "access", datetime(2015, 1, 1, tzinfo=UTC), {}, "not-in-force"),
    # The type of its rule is missing, so the opt-in holds where the rule speaks and only there.
    ("notThem", "Practitioner/f204", "access", TODAY, {}, "permit"),
    ("notThem", "Practitioner/f204", "disclose", TODAY, {}, "unknown"),
    ("notThem", "Practitioner/f205", "access", TODAY, {}, "unknown"),
    ("signature", "Practitioner/13", "access", TODAY, {}, "not-in-force"),
    ("signature", "Practitioner/13", "access", THEN, {}, "permit"),
    ("signature", "Practitioner/xcda-author", "access", THEN, {}, "unknown"),
    ("signature", "Practitioner/xcda-author", "access", THEN, CDA, "permit"),
    ("signature", "Practitioner/14", "access", THEN, CDA, "unknown"),
    ("grantor", "Patient/example", "access", TODAY, {}, "deny"),
    ("grantor", "Patient/example", "correct", TODAY, {}, "deny"),
    ("grantor", "Organization/f001", "access", TODAY, {}, "deny"),
]
pytestmark = pytest.mark.feature("consent/consent")


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder ../shared/data is not there")
@pytest.mark.parametrize(("name", "actor", "action", "at", "about", "verdict"), VERDICTS)
def test_the_published_examples_are_decided_as_the_table_says(
    name, actor, action, at, about, verdict
):
    consent = json.loads((DATA / f"Consent-consent-example-{name}.json").read_text())
    assert decide(consent, Question(actor, action, at, about)).outcome == verdict


def concept(code):
    return {"coding": [{"code": code}]}


def rule(kind=None, actors=(), actions=(), inner=(), **more):
    made = {"type": kind} if kind else {}
    if actors:
        made["actor"] = [{"reference": {"reference": each}} for each in actors]
    if actions:
        made["action"] = [concept(each) for each in actions]
    if inner:
        made["provision"] = list(inner)
    return made | more


def consent(base="OPTIN", provision=None, **changes):
    made = {
        "resourceType": "Consent",
        "status": "active",
        "scope": concept("patient-privacy"),
        "policyRule": concept(base),
    }
    if provision is not None:
        made["provision"] = provision
    return made | changes


def verdict(made, actor="Organization/a", action="access", at=TODAY, **more):
    return decide(made, Question(actor, action, at, **more)).outcome


def test_without_a_provision_the_base_rule_decides():
    assert verdict(consent("OPTIN")) is Outcome.PERMIT
    assert verdict(consent("OPTOUT")) is Outcome.DENY
    assert verdict(consent("hipaa-auth")) is Outcome.UNKNOWN


def test_an_inner_rule_is_an_exception_to_the_one_around_it():
    made = consent(
        "OPTIN",
        rule("deny", actions=["access"], inner=[rule("permit", actors=["Organization/a"])]),
    )
    assert verdict(made, "Organization/a") is Outcome.PERMIT
    assert verdict(made, "Organization/b") is Outcome.DENY
    assert verdict(made, "Organization/b", "disclose") is Outcome.PERMIT


def test_of_two_rules_side_by_side_the_denial_wins():
    made = consent(
        "OPTIN",
        rule(inner=[rule("permit"), rule("deny", actors=["Organization/a"])]),
    )
    assert verdict(made, "Organization/a") is Outcome.DENY
    assert verdict(made, "Organization/b") is Outcome.PERMIT


def test_a_rule_inside_stands_under_the_period_of_the_one_around_it():
    past = {"end": "2020"}
    inner = rule("permit", actors=["Organization/a"])
    made = consent("OPTOUT", rule(inner=[rule("deny", period=past, inner=[inner])]))
    assert verdict(made) is Outcome.DENY
    assert verdict(made, at=datetime(2019, 1, 1, tzinfo=UTC)) is Outcome.PERMIT


@pytest.mark.parametrize(
    ("end", "at", "expected"),
    [
        ("2016-01-01", datetime(2016, 1, 1, 23, 59, tzinfo=UTC), Outcome.PERMIT),
        ("2016-01-01", datetime(2016, 1, 2, tzinfo=UTC), Outcome.NOT_IN_FORCE),
        ("2016-02", datetime(2016, 2, 29, 12, tzinfo=UTC), Outcome.PERMIT),
        ("2016-02", datetime(2016, 3, 1, tzinfo=UTC), Outcome.NOT_IN_FORCE),
        ("2016", datetime(2016, 12, 31, 23, tzinfo=UTC), Outcome.PERMIT),
        ("2016-01-01T10:00:00+02:00", datetime(2016, 1, 1, 8, tzinfo=UTC), Outcome.NOT_IN_FORCE),
        ("2016-01-01T10:00:00+02:00", datetime(2016, 1, 1, 7, 59, tzinfo=UTC), Outcome.PERMIT),
        ("soon", TODAY, Outcome.UNKNOWN),
    ],
)
def test_a_period_ends_with_the_last_instant_of_its_last_day(end, at, expected):
    assert verdict(consent("OPTIN", rule(period={"end": end})), at=at) is expected


@pytest.mark.parametrize(
    "status", ["draft", "proposed", "rejected", "inactive", "entered-in-error", "", None, 7]
)
def test_only_an_active_consent_is_in_force(status):
    assert verdict(consent(status=status)) is Outcome.NOT_IN_FORCE


def test_a_consent_of_another_scope_or_with_an_unknown_modifier_says_nothing():
    assert verdict(consent(), scope="research") is Outcome.UNKNOWN
    assert verdict(consent(), scope="patient-privacy") is Outcome.PERMIT
    assert verdict(consent(modifierExtension=[{"url": "urn:x"}])) is Outcome.UNKNOWN


def test_a_rule_limited_to_what_is_not_asked_permits_nothing_unless_it_is_named():
    made = consent("OPTOUT", rule("permit", purpose=[{"code": "TREAT"}]))
    assert verdict(made) is Outcome.UNKNOWN
    assert verdict(made, about={"purpose": {"TREAT"}}) is Outcome.PERMIT
    assert verdict(made, about={"purpose": {"HMARKT"}}) is Outcome.DENY


def test_an_actor_who_is_only_described_may_be_anybody():
    unclear = {"role": concept("PRCP"), "reference": {"display": "The clinic"}}
    assert verdict(consent("OPTOUT", rule("permit") | {"actor": [unclear]})) is Outcome.UNKNOWN


REFERENCES = st.sampled_from(["Organization/a", "Organization/b", "https://x.test/Organization/a"])
ACTIONS = st.sampled_from(["access", "correct", "disclose"])
KINDS = st.sampled_from([None, "permit", "deny", "what"])
PERIODS = st.sampled_from([None, {"end": "2020"}, {"start": "2020"}, {"end": "soon"}])
RULES = st.recursive(
    st.builds(
        lambda kind, actors, actions, period: rule(kind, actors, actions)
        | ({"period": period} if period else {}),
        KINDS, st.lists(REFERENCES, max_size=2), st.lists(ACTIONS, max_size=2), PERIODS,
    ),
    lambda inner: st.builds(
        rule,
        KINDS, st.lists(REFERENCES, max_size=2), st.lists(ACTIONS, max_size=2),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from(["OPTIN", "OPTOUT", "other"]), RULES, REFERENCES, ACTIONS)
def test_one_more_denial_around_all_never_loosens(base, root, actor, action):
    before = verdict(consent(base, root), actor, action)
    deeper = {**root, "provision": [*root.get("provision", []), rule("deny")]}
    after = verdict(consent(base, deeper), actor, action)
    assert after is not Outcome.PERMIT or before is Outcome.PERMIT


@given(RULES, REFERENCES, ACTIONS)
def test_an_opt_out_without_any_permit_never_permits(root, actor, action):
    if '"permit"' not in json.dumps(root):
        assert verdict(consent("OPTOUT", root), actor, action) is not Outcome.PERMIT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "actor", "action", "provision", "period", "coding", "code",
                         "reference", "start", "end", "class", "policyRule", "scope"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON, JSON, JSON)
def test_whatever_a_resource_looks_like_there_is_an_answer(provision, base, scope):
    made = consent(provision=provision, policyRule=base, scope=scope)
    assert verdict(made) in set(Outcome)


def test_rules_nested_without_end_are_not_followed():
    deep = rule("permit")
    for _ in range(5_000):
        deep = rule("permit", inner=[deep])
    assert verdict(consent("OPTOUT", deep)) is Outcome.UNKNOWN

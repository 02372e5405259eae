"""The evaluator equals two judges that share none of its code."""

import csv
import datetime as dt
import random

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.policy.commands import gate
from entente.policy.domain.columns import Coder, FactTables, table_of
from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import judge, judge_one
from entente.policy.domain.facts import FACTS
from entente.policy.domain.language import parse_condition
from entente.policy.domain.packs import Pack, Rule
from entente.policy.domain.tree import Lit, walk
from entente.policy.packs import packs_folder

DAYS = [dt.date(2012, 1, 1), dt.date(2019, 12, 31), dt.date(2025, 12, 31), dt.date(2026, 3, 2)]


def pools(compiled):
    """Values that lie on and beside every border that some rule names."""
    texts, numbers = {}, {}
    for rule in compiled.rules:
        for node in (*walk(rule.applies), *walk(rule.requires)):
            if isinstance(node, Lit) and not isinstance(node.value, str):
                numbers.setdefault(node.type, set()).update((node.value, node.value + 1))
    for pack in compiled.packs:
        for parameter in pack.parameters.values():
            for value in parameter.values:
                figures = [v for _, v in value.keyed] or [value.value]
                for number in figures:
                    if isinstance(number, int):
                        numbers.setdefault(parameter.type, set()).update(
                            (number - 1, number, number + 1)
                        )
    found = {}
    for name in compiled.facts:
        fact = FACTS[name]
        if fact.type == "text":
            texts = [*fact.codes, "other"] if fact.codes else ["US", "DE", "GB", "x", "y"]
            found[name] = texts
        elif fact.type == "boolean":
            found[name] = [True, False]
        elif fact.type == "date":
            found[name] = [day + dt.timedelta(days=n) for day in DAYS for n in (-181, -180, 0, 1)]
        elif fact.type == "share":
            found[name] = ["0", "0.05", "0.10", "0.11", "0.15", "0.20", "0.26", "1"]
        elif fact.type == "list":
            found[name] = [[], ["NY"], ["NY", "NJ"]]
        else:
            found[name] = sorted({0, 1, 2, *numbers.get(fact.type, set())} - {-1})
    return found


def random_facts(rng, values, unknown=0.15):
    facts = {
        name: None if rng.random() < unknown else rng.choice(pool) for name, pool in values.items()
    }
    facts["action.type"] = rng.choice(values["action.type"])
    facts["action.date"] = rng.choice(DAYS)
    return facts


def answer(verdict):
    return verdict.outcome, list(verdict.rule_ids), list(verdict.missing_facts)


def test_single_decisions_equal_the_plain_python_twin(compiled, python_twin):
    twin = python_twin.Judge(packs_folder())
    rng, values = random.Random(7), pools(compiled)
    seen = set()
    for _ in range(400):
        facts = random_facts(rng, values)
        mine = answer(judge_one(compiled, facts, DAYS[-1]))
        assert mine == twin.judge(facts, DAYS[-1]), facts
        seen.add(mine[0])
    assert seen == {"PERMIT", "REFER", "FORBID"}


def test_a_checked_file_equals_the_plain_python_twin(compiled, python_twin, tmp_path):
    twin = python_twin.Judge(packs_folder())
    rng, values = random.Random(11), pools(compiled)
    rows = [random_facts(rng, values, unknown=0.3) for _ in range(2000)]
    with (tmp_path / "facts.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", *values])
        for number, facts in enumerate(rows):
            cells = []
            for name in values:
                value = facts[name]
                if isinstance(value, bool):
                    value = str(value).lower()
                cells.append(";".join(value) or ";" if isinstance(value, list) else value)
            out.writerow([f"act {number}", *cells])
    result = CliRunner().invoke(gate, ["check", str(tmp_path / "facts.csv"), "--at", "2026-03-02"])
    assert result.exit_code == 0, result.output
    answers = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["id"] for row in answers] == [f"act {n}" for n in range(2000)]
    for facts, row in zip(rows, answers, strict=True):
        outcome, ids, missing = twin.judge(facts, dt.date(2026, 3, 2))
        assert (row["outcome"], row["rule_ids"], row["missing_facts"]) == (
            outcome, ";".join(ids), ";".join(missing),
        )  # fmt: skip


@pytest.mark.parametrize(
    # One day before every commit; planning the query of all rules takes most of the time.
    "day",
    [DAYS[0], *(pytest.param(day, marks=pytest.mark.slow) for day in DAYS[1:])],
)
def test_a_batch_equals_the_sql_twin_on_duckdb(compiled, sql_twin, day):
    rng, values = random.Random(day.toordinal()), pools(compiled)
    rows = [{**random_facts(rng, values), "action.date": day} for _ in range(3000)]
    columns = {name: [row.get(name) for row in rows] for name in compiled.facts}
    coder = Coder(compiled.vocabulary)
    verdicts = judge(compiled, FactTables(table_of(columns, coder), coder), day)

    def cell(name, value):
        if value is not None and FACTS[name].type == "share":
            return round(float(value) * 1_000_000)
        return value

    import pyarrow as pa

    kinds = {"BOOLEAN": pa.bool_(), "DATE": pa.date32(), "VARCHAR": pa.string(),
             "VARCHAR[]": pa.list_(pa.string()), "BIGINT": pa.int64()}  # fmt: skip
    facts = pa.table(
        {
            name: pa.array([cell(name, v) for v in values_], kinds[sql_twin.column_type(name)])
            for name, values_ in columns.items()
        }
    )
    with duckdb.connect() as database:
        database.register("facts", facts)
        answers = database.execute(sql_twin.query(compiled, day)).fetchall()
    for bit, rule in enumerate(compiled.rules):
        for row in range(len(rows)):
            refused = int(verdicts.refused[row, bit >> 6]) >> (bit & 63) & 1
            undecided = int(verdicts.undecided[row, bit >> 6]) >> (bit & 63) & 1
            assert refused + 2 * undecided == answers[row][bit], (rule.id, rows[row])


# Conditions nobody wrote: random ones over a few facts of every type.
NUMBERS = st.integers(0, 5)
LEAVES = st.one_of(
    st.sampled_from(["recipient.excluded", "content.cobranded", "NOT recipient.excluded"]),
    st.builds(
        "tally.emails_30d {} {}".format, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), NUMBERS
    ),
    st.builds("tally.emails_30d + {} > tally.calls_year - {}".format, NUMBERS, NUMBERS),
    st.builds(
        "tally.emails_30d {} BETWEEN {} AND tally.calls_year".format,
        st.sampled_from(["", "NOT"]),
        NUMBERS,
    ),
    st.builds("action.country {} ('US', 'DE')".format, st.sampled_from(["IN", "NOT IN"])),
    st.sampled_from(
        [
            "action.country = recipient.country",
            "action.country IS NULL",
            "tally.calls_year IS NOT NULL",
            "contains(recipient.us_licence_states, 'NY')",
            "contains(recipient.us_licence_states, action.us_state)",
            "action.date - consent.captured_at > 2",
            "consent.captured_at + 1 <= DATE '2026-01-02'",
            "revshare.share >= 0.15",
            "action.local_time < TIME '08:00'",
            "recipient.excluded = content.cobranded",
            "(tally.emails_30d + 1) - 1 = tally.calls_year",
        ]
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=8,
)
FACT_VALUES = {
    "recipient.excluded": st.booleans(),
    "content.cobranded": st.booleans(),
    "tally.emails_30d": NUMBERS,
    "tally.calls_year": NUMBERS,
    "action.country": st.sampled_from(["US", "DE", "FR"]),
    "recipient.country": st.sampled_from(["US", "DE", "FR"]),
    "action.us_state": st.sampled_from(["NY", "NJ", "TX"]),
    "recipient.us_licence_states": st.lists(st.sampled_from(["NY", "NJ"]), max_size=2),
    "consent.captured_at": st.dates(dt.date(2025, 12, 28), dt.date(2026, 1, 3)),
    "revshare.share": st.sampled_from(["0.1", "0.15", "0.2"]),
    "action.local_time": st.sampled_from([479, 480]),
}
ROWS = st.fixed_dictionaries({name: st.none() | values for name, values in FACT_VALUES.items()})


def rule_of(requires, applies="action.type = 'email'", rule_id="PG-X-1", **changes):
    fields = {
        "id": rule_id, "pack_id": "t/x", "title": "t", "citation": "c",
        "start": dt.date(2020, 1, 1), "end": None, "severity": "block", "basis": "company",
        "certainty": "test", "applies": parse_condition(applies),
        "requires": parse_condition(requires), "applies_text": applies,
        "requires_text": requires, "messages": {"en": "no"}, **changes,
    }  # fmt: skip
    return Rule(**fields)


def pack_of(*rules):
    return Pack("t/x", "1", "t", "any", "", "", "", None, (), rules)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, st.lists(ROWS, min_size=1, max_size=4))
def test_random_conditions_equal_the_python_twin(python_twin, condition, rows):
    compiled = compile_packs([pack_of(rule_of(condition))])
    rule = python_twin.Twin({}, {})
    for row in rows:
        facts = {"action.type": "email", "action.date": dt.date(2026, 1, 1), **row}
        state, absent = python_twin.state_of("action.type = 'email'", condition, facts, rule, None)
        verdict = judge_one(compiled, facts, dt.date(2026, 1, 1))
        seen = [(f.state, set(f.missing_facts)) for f in verdict.findings]
        assert seen == ([] if state == "pass" else [(state, absent)]), condition

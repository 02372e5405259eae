"""What must hold of the gate whatever the facts are."""

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pytest

from entente.policy.domain.columns import Coder, FactTables, Table, column_of, table_of
from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import explain, judge, judge_one
from entente.policy.domain.facts import FACTS
from entente.policy.domain.packs import BadPack

DAY = dt.date(2026, 3, 2)


def random_value(rng, fact):
    if rng.random() < 0.15:
        return None
    return {
        "boolean": lambda: rng.random() < 0.7,
        "integer": lambda: rng.randrange(6),
        "money": lambda: rng.randrange(15000),
        "share": lambda: rng.choice(["0.05", "0.1", "0.2"]),
        "date": lambda: DAY + dt.timedelta(days=rng.randrange(-400, 400)),
        "time": lambda: rng.randrange(1440),
        "list": lambda: rng.sample(["NY", "NJ", "TX"], rng.randrange(3)),
        "text": lambda: rng.choice(fact.codes or ("US", "DE", "GB", "a", "b")),
    }[fact.type]()


def random_rows(compiled, n_rows, seed):
    rng = random.Random(seed)
    rows = [
        {name: random_value(rng, FACTS[name]) for name in compiled.facts} for _ in range(n_rows)
    ]
    for row in rows:
        row["action.type"] = rng.choice(["email", "meal", "payout", "deal_registration"])
    return rows


def batch_of(compiled, rows):
    coder = Coder(compiled.vocabulary)
    return FactTables(
        table_of({name: [row[name] for row in rows] for name in compiled.facts}, coder), coder
    )


def test_a_batch_equals_its_rows_judged_one_by_one(compiled):
    rows = random_rows(compiled, 200, 1)
    verdicts = judge(compiled, batch_of(compiled, rows), DAY)
    for number, row in enumerate(rows):
        one = judge_one(compiled, row, DAY)
        assert verdicts.rule_ids(number) == one.rule_ids
        assert ("PERMIT", "REFER", "FORBID")[verdicts.outcome[number]] == one.outcome
        assert explain(verdicts, number) == one.findings


@pytest.mark.parametrize("n_rows", [1, 1023, 1024, 1025, 5000])
def test_neither_row_order_nor_threads_nor_block_borders_matter(compiled, n_rows):
    rows = random_rows(compiled, n_rows, 2)
    order = list(range(n_rows))
    random.Random(3).shuffle(order)
    straight = judge(compiled, batch_of(compiled, rows), DAY)
    mixed = judge(compiled, batch_of(compiled, [rows[i] for i in order]), DAY, threads=3)
    for name in ("outcome", "refused", "undecided"):
        assert np.array_equal(getattr(straight, name)[order], getattr(mixed, name))


def test_facts_in_coarser_tables_give_the_same_answer_as_flat_ones(compiled):
    rng = random.Random(5)
    people, items = random_rows(compiled, 40, 6), random_rows(compiled, 7, 7)
    person_key = np.sort(np.array([rng.randrange(40) for _ in range(3000)], np.int64))
    item_key = np.array([rng.randrange(7) for _ in range(3000)], np.int64)
    by_grain = {"recipient": [], "content_market": []}
    for name in compiled.facts:
        grain = FACTS[name].grain
        if grain in ("recipient", "recipient_channel"):
            by_grain["recipient"].append(name)
        elif grain == "content_market":
            by_grain["content_market"].append(name)
    own = [n for n in compiled.facts if n not in by_grain["recipient"] + by_grain["content_market"]]
    own.remove("action.type")
    acts = random_rows(compiled, 3000, 8)
    flat = [
        {**{n: act[n] for n in own}, **{n: people[p][n] for n in by_grain["recipient"]},
         **{n: items[i][n] for n in by_grain["content_market"]}, "action.type": "email"}
        for act, p, i in zip(acts, person_key, item_key, strict=True)
    ]  # fmt: skip
    coder = Coder(compiled.vocabulary)
    grouped = FactTables(
        candidates=table_of({n: [act[n] for act in acts] for n in own}, coder),
        coder=coder,
        shared=table_of({"action.type": ["email"]}, coder),
        grains={
            "recipient": table_of(
                {n: [p[n] for p in people] for n in by_grain["recipient"]}, coder
            ),
            "content_market": table_of(
                {n: [i[n] for i in items] for n in by_grain["content_market"]}, coder
            ),
        },
        keys={"recipient": person_key, "content_market": item_key},
    )
    one, other = judge(compiled, batch_of(compiled, flat), DAY), judge(compiled, grouped, DAY)
    assert np.array_equal(one.refused, other.refused)
    assert np.array_equal(one.undecided, other.undecided)
    assert np.array_equal(one.outcome, other.outcome)


# Every fifth rule before every commit; all of them in the slow suite.
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_a_new_block_rule_never_loosens(packs, compiled, step):
    whole = compiled
    blocking = [rule for pack in packs for rule in pack.rules if rule.severity == "block"]
    assert len(blocking) > 50
    for rule in blocking[::step]:
        rest = [replace(p, rules=tuple(r for r in p.rules if r.id != rule.id)) for p in packs]
        fewer = compile_packs(rest)
        rows = random_rows(whole, 60, rule.id)
        for row in rows:
            row["action.date"] = DAY
        before = judge(fewer, batch_of(fewer, rows), DAY).outcome
        after = judge(whole, batch_of(whole, rows), DAY).outcome
        assert (after >= before).all(), rule.id


def test_an_unknown_fact_never_lets_a_block_rule_permit(packs):
    for pack in packs:
        for rule in pack.rules:
            if rule.severity != "block":
                continue
            alone = compile_packs([replace(pack, rules=(rule,))])
            for scenario in rule.scenarios:
                if scenario.expect == "undecided":
                    outcome = judge_one(alone, scenario.facts, scenario.on).outcome
                    assert outcome == ("FORBID" if rule.forbid_if_missing else "REFER")


def test_an_act_of_which_nothing_is_known_is_not_permitted(compiled):
    assert judge_one(compiled, {}, DAY).outcome == "FORBID"


def test_an_act_of_an_unheard_kind_is_referred(compiled):
    verdict = judge_one(compiled, {"action.type": "telegram"}, DAY)
    assert (verdict.outcome, verdict.rule_ids) == ("REFER", ("PG-ACT-1",))
    assert verdict.refer_to == ("compliance",)


def test_no_rules_at_all_is_refused_rather_than_permitting_everything(packs):
    with pytest.raises(BadPack, match="PACK-021"):
        compile_packs([])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action.promotional", "yes"), ("action.promotional", 1), ("tally.emails_30d", 1.5),
        ("tally.emails_30d", True), ("action.date", dt.datetime(2026, 1, 1, 5, tzinfo=dt.UTC)),
        ("revshare.share", 0.1), ("revshare.share", "1.5"), ("action.amount_minor", 10**16),
        ("action.local_time", 1440), ("recipient.us_licence_states", "NY"), ("no.such", 1),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused_by_name(compiled, name, value):
    with pytest.raises(ValueError, match=name):
        judge_one(compiled, {"action.type": "email", name: value}, DAY)


def test_a_key_that_points_outside_its_table_is_refused(compiled):
    coder = Coder(compiled.vocabulary)
    people = Table({"recipient.excluded": column_of("recipient.excluded", [True], coder)})
    with pytest.raises(ValueError, match="points outside"):
        FactTables(
            Table(n_rows=1), coder, grains={"recipient": people},
            keys={"recipient": np.array([1], np.int64)},
        )  # fmt: skip


def test_an_explanation_says_what_would_change_the_answer(compiled):
    facts = {"action.type": "email", "action.promotional": True, "tally.emails_30d": 4,
             "tally.emails_3d": 0}  # fmt: skip
    finding = next(f for f in judge_one(compiled, facts, DAY).findings if f.rule_id == "PG-FREQ-1")
    assert finding.remedy == (
        "Promotional e-mails to this person in the last 30 days, all parties (4) must be below 4",
    )
    assert finding.message.startswith("4 promotional e-mails in 30 days")
    assert finding.overridable_by == "compliance"


def test_open_payments_thresholds_follow_the_day_of_the_act(compiled):
    facts = {"action.type": "meal", "action.amount_minor": 1346, "action.currency": "USD",
             "recipient.covered_recipient_type": "physician", "tally.tov_year": 0,
             "recipient.bona_fide_employee": False}  # fmt: skip
    last, first = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
    assert "US-OP-THR-1" in judge_one(compiled, facts, last).rule_ids
    assert "US-OP-THR-1" not in judge_one(compiled, facts, first).rule_ids
    assert "US-OP-CR-1" in {f.rule_id for f in judge_one(compiled, facts, first).obligations}

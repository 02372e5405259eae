"""A pack from its draft to the decisions it changes: two people, a trial, a day from which it holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.engagement.actions import SendRequest, request_send
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry
from entente.foundation.signatures import NotSigned
from entente.policy import reads
from entente.policy.actions import activate_pack, drop_draft, save_draft
from entente.policy.actions.pack_life import readable
from entente.policy.actions.packs_in_force import in_force
from entente.policy.models import Decision, PackActivation
from entente.policy.reads.packs import example, text_in_force
from entente.policy.reads.trial import replay_all, try_pack
from tests.cast import PASSWORD

NO_EDUCATION = """
[pack]
id = "company/no-education"
version = "1.0.0"
title = "No education by e-mail"
jurisdiction = "any"
notice = "Our own policy; it is no legal advice and needs a named reviewer."
reviewed_by = ""

[[pack.changelog]]
version = "1.0.0"
on = 2026-11-20
change = "First edition."

[[rules]]
id = "HOUSE-EDU-1"
title = "Education does not travel by e-mail"
citation = "Company policy"
from = 2020-01-01
severity = "block"
basis = "company"
certainty = "company policy"
applies = "action.type = 'email'"
requires = "action.purpose <> 'education'"
message.en = "The purpose is {action.purpose}."
scenarios = [
  { name = "promotion", on = 2026-11-20, expect = "pass" },
  { name = "education", on = 2026-11-20, with = { "action.purpose" = "education" }, expect = "refused" },
  { name = "not known", on = 2026-11-20, without = ["action.purpose"], expect = "undecided" },
]
[rules.base]
"action.type" = "email"
"action.purpose" = "promotion"
"""


def send(cast, world, hcp_id, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        return request_send(SendRequest(hcp_id, world.version, world.entity, "education"), at=at)


def drafted(cast, at, text=NO_EDUCATION, **more):
    with act_as(cast.scope(Role.COMPLIANCE)):
        return save_draft(text, note="Try it", at=at, **more)


def activated(cast, draft, at, role=Role.REVIEWER, *, days=0, password=PASSWORD):
    with act_as(cast.scope(role)):
        return activate_pack(
            draft.id, from_on=at.date() + timedelta(days=days), password=password, at=at
        )


@pytest.mark.feature("policy/audit-trail")
def test_a_pack_is_tried_activated_by_another_person_and_then_decides(cast, world, noon):
    later = noon + timedelta(hours=4)
    before = send(cast, world, world.willing, later).decision
    draft = drafted(cast, later)
    with act_as(cast.scope(Role.COMPLIANCE)):
        trial = try_pack(readable(NO_EDUCATION), NO_EDUCATION, since=noon.date(), until=noon.date())
        assert (trial.n_decisions, trial.n_changed) == (1, 1)
        assert trial.changes[0].decision_id == before.id
        assert trial.by_rule == {("HOUSE-EDU-1", before.outcome, "FORBID"): 1}
    activated(cast, draft, later)
    after = send(cast, world, world.silent, later).decision
    assert "HOUSE-EDU-1" in after.rule_ids
    with act_as(cast.system()):
        verbs = set(LedgerEntry.objects.filter(object_id=draft.id).values_list("verb", flat=True))
        assert {"policy.pack.drafted", "policy.pack.activated"} <= verbs
        again = reads.replay(Decision.objects.get(id=before.id))
        assert again.same, "a decision of before is made again under the packs of then"


def test_a_pack_holds_from_its_day_and_not_before(cast, world, noon):
    later = noon + timedelta(hours=4)
    activated(cast, drafted(cast, later), later, days=2)
    with act_as(cast.system()):
        assert "HOUSE-EDU-1" not in ids_on(noon.date() + timedelta(days=1))
        assert "HOUSE-EDU-1" in ids_on(noon.date() + timedelta(days=2))


def ids_on(day):
    return {rule.id for rule in in_force(day).compiled.rules}


def test_whoever_wrote_a_pack_does_not_activate_it(cast, noon):
    draft = drafted(cast, noon)
    with pytest.raises(OutOfScope, match="you wrote"):
        activated(cast, draft, noon, Role.COMPLIANCE)
    with pytest.raises(OutOfScope):
        activated(cast, draft, noon, Role.REPRESENTATIVE)
    with pytest.raises(NotSigned):
        activated(cast, draft, noon, password="wrong")
    with pytest.raises(UserError, match="today or later"):
        activated(cast, draft, noon, days=-1)
    with act_as(cast.system()):
        assert not PackActivation.objects.exists()


def test_a_pack_whose_cases_fail_is_not_activated(cast, noon):
    wrong = NO_EDUCATION.replace('"action.purpose" = "education" }, expect = "refused"',
                                 '"action.purpose" = "event" }, expect = "refused"')  # fmt: skip
    with pytest.raises(UserError, match="HOUSE-EDU-1: education"):
        activated(cast, drafted(cast, noon, wrong), noon)


def test_a_bad_pack_is_refused_with_place_and_remedy(cast, noon):
    with pytest.raises(UserError, match=r"rule HOUSE-EDU-1.*there is no fact action\.porpoise"):
        drafted(cast, noon, NO_EDUCATION.replace("action.purpose <>", "action.porpoise <>"))


def test_a_dropped_or_activated_draft_is_fixed(cast, noon):
    draft = drafted(cast, noon)
    drafted(cast, noon, NO_EDUCATION.replace("1.0.0", "1.0.1"), draft_id=draft.id)
    with act_as(cast.scope(Role.COMPLIANCE)):
        drop_draft(draft.id, at=noon)
    with pytest.raises(UserError, match="already"):
        activated(cast, draft, noon)
    with pytest.raises(UserError, match="fixed"):
        drafted(cast, noon, draft_id=draft.id)


def test_a_partner_reads_what_is_in_force_and_drafts_nothing(cast, noon):
    activated(cast, drafted(cast, noon), noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert "HOUSE-EDU-1" in ids_on(noon.date())
        with pytest.raises(OutOfScope):
            save_draft(NO_EDUCATION, note="", at=noon)


def test_the_example_to_begin_with_passes_its_own_cases(cast, noon):
    activated(cast, drafted(cast, noon, example(noon.date())), noon)
    with act_as(cast.system()):
        assert text_in_force("company/house-rules", noon.date()) == example(noon.date())


def test_replaying_everything_finds_no_difference(cast, world, noon):
    later = noon + timedelta(hours=4)
    send(cast, world, world.willing, later)
    send(cast, world, world.silent, later)
    with act_as(cast.scope(Role.COMPLIANCE)):
        assert replay_all(since=noon.date(), until=noon.date()) == (2, [])


def test_a_pack_that_takes_the_id_of_another_s_rule_is_refused_before_it_harms(cast, noon):
    with pytest.raises(UserError, match="PG-FREQ-1"):
        drafted(cast, noon, NO_EDUCATION.replace("HOUSE-EDU-1", "PG-FREQ-1"))


def test_a_pack_of_questions_alone_is_changed_too(cast, noon):
    with act_as(cast.system()):
        text = text_in_force("us/part-11", noon.date())
    activated(cast, drafted(cast, noon, text.replace("Part 11", "Part Eleven", 1)), noon)

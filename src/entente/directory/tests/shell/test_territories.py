"""Territories: one person in one territory of a force, by rule, account or exception, by day."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from entente.directory import actions
from entente.directory.actions import Ground
from entente.directory.models import Alignment, Hcp, TerritoryMember
from entente.directory.reads import territories as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("directory/territories")


def hcp(n, state="CT", postal="06105", specialty="Cardiology", country="US", at=None):
    return actions.add_hcp(
        family_name=f"Person{n:04}", given_name="Test", country=country, us_state=state,
        postal_code=postal, profession="physician", specialty=specialty, at=at,
    )  # fmt: skip


@pytest.fixture
def people(cast, noon):
    """Four cardiologists and one oncologist in two states."""
    with act_as(cast.system()):
        return [
            hcp(1, at=noon),
            hcp(2, postal="06511", at=noon),
            hcp(3, state="MA", postal="02139", at=noon),
            hcp(4, specialty="Oncology", at=noon),
            hcp(5, state="NY", postal="10001", at=noon),
        ]


@pytest.fixture
def ground(cast, people, noon):
    """One territory by state, one finer by ZIP, in one force; one of another force."""
    today = noon.date()
    with act_as(cast.system()):
        made = {
            name: actions.add_territory(name, force, "geographic", rule, from_on=today, at=noon)
            for name, force, rule in (
                ("New England", "Cardio", Ground(states=("CT", "MA"), specialties=("Cardiology",))),
                ("Hartford", "Cardio", Ground(zip_prefixes=("061",), specialties=("Cardiology",))),
                ("Primary", "General", Ground(states=("CT",))),
            )
        }
        actions.align_territories(as_of=today, at=noon)
    return made


def names_in(territory, on):
    return sorted(
        int(p.family_name.removeprefix("Person")) for p in reads.people_in(territory.id, on)
    )


def test_the_finest_ground_wins_within_a_force_and_forces_stand_apart(cast, ground, noon):
    on = noon.date()
    with act_as(cast.system()):
        assert names_in(ground["Hartford"], on) == [1]
        assert names_in(ground["New England"], on) == [2, 3]
        assert names_in(ground["Primary"], on) == [1, 2, 4]
        assert names_in(ground["Hartford"], on - timedelta(days=1)) == []
        white = reads.white_space(on, {})
        assert [p.family_name for p in white] == ["Person0005"]
        assert reads.white_space(on, {"force": "Cardio"}).count() == 2
        assert {p.family_name for p in reads.double_cover(on, {})} == {"Person0001", "Person0002"}


def test_a_new_version_moves_people_from_its_day_and_keeps_the_past(cast, ground, noon):
    today, later = noon.date(), noon.date() + timedelta(days=10)
    with act_as(cast.system()):
        actions.change_territory(
            ground["Hartford"].id, Ground(zip_prefixes=("065",)), from_on=later, at=noon
        )
        before = actions.preview_alignment(as_of=later)
        done = actions.align_territories(as_of=later, at=noon)
        assert names_in(ground["Hartford"], today) == [1]
        assert names_in(ground["Hartford"], later) == [2]
        assert names_in(ground["New England"], later) == [1, 3]
        assert (done.n_begun, done.n_ended, done.n_members) == (2, 2, 6)
        assert before[ground["Hartford"].id] == (1, 1, 1)
        assert [v.number for v in reads.versions_of(ground["Hartford"].id)] == [2, 1]
        again = actions.align_territories(as_of=later, at=noon)
        assert (again.n_begun, again.n_ended) == (0, 0)
        with pytest.raises(UserError, match="choose a later day"):
            actions.change_territory(ground["Hartford"].id, Ground(), from_on=later, at=noon)


def test_an_account_brings_its_family_and_an_exception_wins_over_all(cast, people, ground, noon):
    today = noon.date()
    with act_as(cast.system()):
        chain, clinic = (
            actions.add_hco(name=name, country="US", kind="Hospital", at=noon)
            for name in ("Alder Health", "Alder Clinic")
        )
        actions.link_hcos(clinic.id, chain.id, kind="owned_by", from_on=today, at=noon)
        actions.affiliate(people[4].id, clinic.id, from_on=today, at=noon)
        actions.affiliate(people[0].id, clinic.id, from_on=today, at=noon)
        key = actions.add_territory(
            "Key accounts", "Cardio", "accounts", Ground(), from_on=today, at=noon
        )
        actions.add_exception(key.id, hco_id=chain.id, reason="key", from_on=today, at=noon)
        actions.add_exception(
            ground["New England"].id, hcp_id=people[2].id, is_added=False, reason="retires",
            from_on=today, at=noon,
        )  # fmt: skip
        actions.add_exception(
            ground["Hartford"].id, hcp_id=people[0].id, reason="old friend", from_on=today, at=noon
        )
        actions.align_territories(as_of=today, at=noon)
        assert names_in(key, today) == [5]
        assert names_in(ground["Hartford"], today) == [1]
        assert names_in(ground["New England"], today) == [2]
        bases = reads.bases_of(key.id, [people[4].id], today)
        assert bases == {people[4].id: "Works at a named account"}


def test_the_statement_agrees_with_an_obvious_twin(cast, noon):
    today = noon.date()
    for seed in range(3):
        chance = random.Random(seed)
        with act_as(cast.system((None, cast.partner, cast.society)[seed])):
            rules = {}
            for n in range(6):
                states = chance.sample(["CT", "MA", "NY"], chance.randrange(3))
                prefixes = [str(chance.randrange(100)).zfill(2)[: chance.choice([1, 2])]
                            for _ in range(chance.randrange(3))]  # fmt: skip
                named = ("Cardiology",) if chance.random() < 0.5 else ()
                rule = Ground(states=states, zip_prefixes=sorted(set(prefixes)), specialties=named)
                made = actions.add_territory(
                    f"T{seed}{n}", chance.choice("AB"), "geographic", rule, from_on=today, at=noon
                )
                rules[made] = rule
            with_people = [
                hcp(100 * seed + n, state=chance.choice(["CT", "MA", "NY", "VT"]),
                    postal=str(chance.randrange(10**5)).zfill(5),
                    specialty=chance.choice(["Cardiology", "Oncology"]), at=noon)
                for n in range(30)
            ] if not seed else list(Hcp.objects.all())  # fmt: skip
            actions.align_territories(as_of=today, at=noon)
            found = {(m.hcp_id, m.territory_id) for m in TerritoryMember.objects.filter(to_on=None)}
        assert found == twin(with_people, rules)


def twin(people, rules):
    """Assign slowly: for each person and force the finest matching rule, then by name."""
    found = set()
    for person in people:
        best = defaultdict(list)
        for territory, rule in rules.items():
            if rule.specialties and person.specialty not in rule.specialties:
                continue
            ranks = [10 + len(p) for p in rule.zip_prefixes if person.postal_code.startswith(p)]
            ranks += [5] if person.us_state in rule.states else []
            ranks += [1] if not rule.zip_prefixes and not rule.states else []
            if ranks:
                best[territory.force].append((-max(ranks), territory.name, territory.id))
        found |= {(person.id, min(each)[2]) for each in best.values()}
    return found


def test_the_past_is_not_aligned_again(cast, ground, noon):
    with act_as(cast.system()):
        with pytest.raises(UserError, match="from today or a later day"):
            actions.align_territories(as_of=noon.date() - timedelta(days=1), at=noon)
        actions.align_territories(as_of=noon.date() + timedelta(days=5), at=noon)
        with pytest.raises(UserError, match="that day or a later one"):
            actions.align_territories(as_of=noon.date(), at=noon)


def test_an_alignment_counts_by_state_and_doing_it_twice_changes_nothing(cast, ground, noon):
    with act_as(cast.system()):
        done = Alignment.objects.get()
        cover = {c.state: (c.n_all, c.n_covered, c.n_double) for c in reads.cover_by_state(done)}
        assert cover == {"CT": (3, 3, 2), "MA": (1, 1, 0), "NY": (1, 0, 0)}
        assert done.by_territory[str(ground["Primary"].id)] == 3
        assert actions.do_alignment(done.id, at=noon).done_at == done.done_at


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Ground(states=("ZZ",)), "states"),
        (Ground(zip_prefixes=("06A",)), "zip_prefixes"),
        (Ground(zip_prefixes=("061051",)), "zip_prefixes"),
        (Ground(country="ZQ"), "country"),
    ],
)
def test_a_ground_that_cannot_be_is_named(cast, noon, rule, field):
    with act_as(cast.system()), pytest.raises(UserError) as wrong:
        actions.add_territory("X", "F", "geographic", rule, from_on=noon.date(), at=noon)
    assert wrong.value.field == field


def test_a_representative_challenges_and_somebody_else_decides(cast, people, ground, noon):
    rep, lead = cast.scope(Role.REPRESENTATIVE), cast.scope(Role.BRAND_LEAD)
    hartford, today = ground["Hartford"], noon.date()
    with act_as(rep), pytest.raises(OutOfScope):
        actions.raise_challenge(
            hartford.id, people[1].id, wanted="add", reason="moved here", at=noon
        )
    with act_as(cast.system()):
        actions.assign_representative(hartford.id, rep.actor_id, from_on=today, at=noon)
    with act_as(rep):
        asked = actions.raise_challenge(
            hartford.id, people[1].id, wanted="add", reason="moved here", at=noon
        )
        with pytest.raises(UserError, match="open challenge"):
            actions.raise_challenge(
                hartford.id, people[1].id, wanted="add", reason="again", at=noon
            )
        with pytest.raises(UserError, match="not in this territory"):
            actions.raise_challenge(hartford.id, people[3].id, wanted="remove", reason="x", at=noon)
        with pytest.raises(OutOfScope):
            actions.decide_challenge(asked.id, accept=True, answer="", at=noon)
    with act_as(lead):
        own = actions.raise_challenge(
            hartford.id, people[0].id, wanted="remove", reason="left", at=noon
        )
        with pytest.raises(OutOfScope, match="somebody else"):
            actions.decide_challenge(own.id, accept=True, answer="", at=noon)
        with pytest.raises(UserError, match="why not"):
            actions.decide_challenge(asked.id, accept=False, answer=" ", at=noon)
        actions.decide_challenge(asked.id, accept=True, answer="", at=noon)
        assert names_in(hartford, today) == [1, 2]
        assert names_in(ground["New England"], today) == [3]
        with pytest.raises(UserError, match="accepted already"):
            actions.decide_challenge(asked.id, accept=False, answer="no", at=noon)
    with act_as(cast.system()):
        actions.align_territories(as_of=today, at=noon)
        assert names_in(hartford, today) == [1, 2], "what was accepted survives the next alignment"


def test_what_is_accepted_wins_over_an_alignment_of_a_later_day(cast, people, ground, noon):
    rep, today, later = cast.scope(Role.BRAND_LEAD), noon.date(), noon.date() + timedelta(days=5)
    with act_as(cast.system()):
        actions.change_territory(
            ground["Hartford"].id, Ground(zip_prefixes=("065",)), from_on=later, at=noon
        )
        actions.align_territories(as_of=later, at=noon)
    with act_as(rep):
        asked = actions.raise_challenge(
            ground["Hartford"].id, people[0].id, wanted="add", reason="stays", at=noon
        )
    with act_as(cast.system()):
        actions.decide_challenge(asked.id, accept=True, answer="", at=noon)
        for day in (today, later):
            held = [m.territory.name for m in reads.territories_of(people[0].id, day)]
            assert held == ["Hartford", "Primary"], day


def test_a_territory_may_take_people_whom_nobody_covers_without_asking(cast, people, noon):
    rep, today = cast.scope(Role.REPRESENTATIVE), noon.date()
    with act_as(cast.system()):
        open_one = actions.add_territory(
            "Open", "Cardio", "geographic", Ground(states=("CT",)), from_on=today, at=noon,
            takes_uncovered=True,
        )  # fmt: skip
        actions.assign_representative(open_one.id, rep.actor_id, from_on=today, at=noon)
        actions.align_territories(as_of=today, at=noon)
    with act_as(rep):
        taken = actions.raise_challenge(
            open_one.id, people[4].id, wanted="add", reason="nobody does", at=noon
        )
        assert taken.status == "accepted" and 5 in names_in(open_one, today)
        out = actions.raise_challenge(
            open_one.id, people[0].id, wanted="remove", reason="not mine", at=noon
        )
        assert out.status == "open"
        assert actions.withdraw_challenge(out.id, at=noon).status == "withdrawn"


@pytest.fixture
def two_forces(cast, noon):
    """Sixty people in CT, fifteen in VT; the host covers some, the partner others."""
    today = noon.date()
    with act_as(cast.system()):
        for n in range(60):
            hcp(n, postal=f"06{n // 10}{n % 10}0", at=noon)
        for n in range(60, 75):
            hcp(n, state="VT", postal="05401", at=noon)
        actions.add_territory(
            "Mine", "Cardio", "geographic", Ground(zip_prefixes=("060", "061", "062", "063")),
            from_on=today, at=noon,
        )  # fmt: skip
        actions.align_territories(as_of=today, at=noon)
    with act_as(cast.system(cast.partner)):
        actions.add_territory(
            "Theirs", "Field", "geographic",
            Ground(zip_prefixes=("062", "063", "064", "054")), from_on=today, at=noon,
        )  # fmt: skip
        actions.align_territories(as_of=today, at=noon)
    return today.replace(month=12, day=3)


@pytest.mark.promise("P1")
def test_two_field_forces_are_compared_by_counts_once_both_agree(cast, two_forces, noon):
    with act_as(cast.system()):
        assert reads.joint_cover(cast.partner.id, two_forces) == []
        actions.agree_to_compare(cast.partner.id, at=noon)
        assert reads.joint_cover(cast.partner.id, two_forces) == []
    with act_as(cast.system(cast.society)):
        assert reads.joint_cover(cast.partner.id, two_forces) == []
    with act_as(cast.system(cast.partner)):
        agreed = {o.id: (mine, theirs) for o, mine, theirs in reads.agreements(noon.date())}
        assert agreed[cast.host.id] == (False, True)
        actions.agree_to_compare(cast.host.id, at=noon)
        cells = {c.state: c for c in reads.joint_cover(cast.host.id, two_forces)}
        assert (cells["CT"].both, cells["CT"].mine) == (None, None), "10 of mine alone: too few"
        assert cells["CT"].is_hidden
    with act_as(cast.system()):
        cells = {c.state: c for c in reads.joint_cover(cast.partner.id, two_forces)}
        assert (cells["CT"].both, cells["CT"].mine) == (20, 20)
        assert cells["CT"].theirs is None, "ten that only they cover are too few to tell"
        assert cells["VT"].is_hidden
        assert reads.joint_cover(cast.partner.id, noon.date())[0].is_hidden
        actions.stop_comparing(cast.partner.id, at=noon)
        assert reads.joint_cover(cast.partner.id, two_forces) == []


def test_counts_stay_the_same_within_a_month_whatever_is_aligned(cast, two_forces, noon):
    with act_as(cast.system()):
        actions.agree_to_compare(cast.partner.id, at=noon)
    with act_as(cast.system(cast.partner)):
        actions.agree_to_compare(cast.host.id, at=noon)
    with act_as(cast.system()):
        before = reads.joint_cover(cast.partner.id, two_forces)
        mine = reads.territories().get()
        actions.change_territory(mine.id, Ground(states=("VT",)), from_on=two_forces, at=noon)
        actions.align_territories(as_of=two_forces, at=noon)
        assert reads.joint_cover(cast.partner.id, two_forces + timedelta(days=5)) == before


@pytest.mark.promise("P1")
def test_another_organisation_sees_no_territory(cast, ground, noon):
    with act_as(cast.system(cast.partner)):
        assert not reads.territories().exists()
        assert not reads.people_in(ground["Hartford"].id, noon.date()).exists()
        assert reads.white_space(noon.date(), {}).count() == 5

"""What hangs on either of two joined records is the person's, and each record's own afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from entente.directory import actions
from entente.directory.actions import Ground
from entente.directory.models import HcpIdentifier, TerritoryMember
from entente.directory.reads import identity, people
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.facts import Act, gather
from entente.foundation.models import new_id

pytestmark = pytest.mark.feature("directory/identity")
DAY = timedelta(days=1)


@pytest.fixture
def pair(cast, noon):
    """The same physician twice: from a registry, and typed in with all that hangs on it."""
    with act_as(cast.system()):
        made = [
            actions.add_hcp(
                family_name="Twice", given_name="Ida", country="US", us_state="CT", at=noon,
                profession="physician", npi=npi, licence_active=True, licence_state="CT",
                postal_code="06105",
            )
            for npi in ("2000000002", None)
        ]  # fmt: skip
    return made[0].id, made[1].id


def join(cast, one, other, at):
    with act_as(cast.system()):
        return actions.merge_hcps(one, other, reason="One person.", at=at)


def part(cast, merge, at):
    with act_as(cast.system()):
        actions.unmerge_hcps(merge.id, reason="Two people.", at=at)


def licensed(cast, hcp_id, at):
    with act_as(cast.system()):
        found = gather([Act("email", at, hcp_id)])[0]
    return found["recipient.licence_active"], found["recipient.us_licence_states"]


def test_a_licence_of_either_record_is_the_persons_while_they_are_joined(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        actions.add_licence(other, country="US", region="NY", number="N1",
                            from_on=date(2020, 1, 1), at=noon)  # fmt: skip
    assert licensed(cast, kept, noon) == (True, None)
    merge = join(cast, kept, other, noon + DAY)
    assert licensed(cast, kept, noon + 2 * DAY) == (True, ["NY"])
    part(cast, merge, noon + 3 * DAY)
    assert licensed(cast, kept, noon + 4 * DAY) == (True, None)
    assert licensed(cast, kept, noon + 2 * DAY) == (True, ["NY"]), "that day they were one"


def test_a_licence_that_either_record_calls_suspended_is_not_held(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        for hcp_id, status in ((kept, "active"), (other, "suspended")):
            actions.add_licence(hcp_id, country="US", region="CT", number="L7", status=status,
                                from_on=date(2020, 1, 1), at=noon)  # fmt: skip
    assert licensed(cast, kept, noon) == (True, ["CT"])
    join(cast, kept, other, noon + DAY)
    assert licensed(cast, kept, noon + 2 * DAY) == (False, None)


def test_a_territory_by_hand_or_account_follows_with_the_next_alignment(cast, pair, noon):
    kept, other = pair
    today = noon.date()

    def covered():
        rows = TerritoryMember.objects.filter(to_on=None, hcp_id__in=pair)
        return sorted(rows.values_list("territory__name", "hcp_id"))

    with act_as(cast.system()):
        far, account = [
            actions.add_territory(name, name, "geographic", Ground(states=("AK",)),
                                  from_on=today, at=noon)
            for name in ("By hand", "By account")
        ]  # fmt: skip
        clinic = actions.add_hco(name="Clinic", country="US", kind="hospital", at=noon)
        actions.affiliate(other, clinic.id, at=noon)
        actions.add_exception(far.id, hcp_id=other, reason="knows her", from_on=today, at=noon)
        actions.add_exception(account.id, hco_id=clinic.id, reason="key", from_on=today, at=noon)
        actions.align_territories(as_of=today, at=noon)
        assert covered() == [("By account", other), ("By hand", other)]
    merge = join(cast, kept, other, noon + timedelta(hours=1))
    with act_as(cast.system()):
        actions.align_territories(as_of=today + DAY, at=noon + DAY)
        assert covered() == [("By account", kept), ("By hand", kept)]
    part(cast, merge, noon + DAY + timedelta(hours=1))
    with act_as(cast.system()):
        actions.align_territories(as_of=today + 2 * DAY, at=noon + 2 * DAY)
        assert covered() == [("By account", other), ("By hand", other)]


def test_whoever_was_taken_out_of_a_territory_as_either_record_stays_out(cast, pair, noon):
    kept, other = pair
    today = noon.date()
    with act_as(cast.system()):
        home = actions.add_territory("Home", "F", "geographic", Ground(states=("CT",)),
                                     from_on=today, at=noon)  # fmt: skip
        actions.add_exception(home.id, hcp_id=other, is_added=False, reason="asked", at=noon,
                              from_on=today)  # fmt: skip
        actions.align_territories(as_of=today, at=noon)
        assert TerritoryMember.objects.get(to_on=None).hcp_id == kept
    join(cast, kept, other, noon + timedelta(hours=1))
    with act_as(cast.system()):
        actions.align_territories(as_of=today + DAY, at=noon + DAY)
        assert not TerritoryMember.objects.filter(to_on=None).exists()


def test_the_address_of_a_record_two_joins_away_reaches_the_person(cast, pair, noon):
    kept, other = pair
    with act_as(cast.system()):
        third = actions.add_hcp(family_name="Twice", country="US", at=noon).id
        actions.add_contact_point(third, channel="email", value="ida@home.test",
                                  from_on=noon.date(), at=noon)  # fmt: skip
    join(cast, other, third, noon + DAY)
    join(cast, kept, other, noon + 2 * DAY)
    with act_as(cast.system()):
        assert people.contact_points([kept], "email", noon.date()) == {kept: "ida@home.test"}


def test_the_page_and_the_plan_tell_what_hangs_on_both_records(cast, pair, browser, noon):
    kept, other = pair
    with act_as(cast.system()):
        clinic = actions.add_hco(name="Second Clinic", country="US", kind="hospital", at=noon)
        actions.affiliate(other, clinic.id, at=noon)
        actions.add_licence(other, country="US", region="NY", number="N1-998", at=noon)
        actions.add_contact_point(other, channel="email", value="ida@home.test",
                                  from_on=noon.date(), at=noon)  # fmt: skip
        HcpIdentifier.objects.create(id=new_id(), org_id=cast.host.id, hcp_id=other,
                                     system="http://example.test/staff", value="S-4711")  # fmt: skip
        held = identity.held_about([other])[other]
        assert {kind: held[kind] for kind in ("affiliations", "addresses", "licences")} == {
            "affiliations": 1, "addresses": 1, "licences": 1,
        }  # fmt: skip
        assert held["other identifiers"] == 1
    steward = browser(Role.STEWARD)
    telling = ("Second Clinic", "N1-998", "ida@home.test")
    alone = steward.get(f"/hcps/{kept}/").content.decode()
    assert not any(words in alone for words in telling)
    merge = join(cast, kept, other, datetime.now(UTC) - DAY)
    shown = steward.get(f"/hcps/{kept}/").content.decode()
    assert all(words in shown for words in telling)
    part(cast, merge, datetime.now(UTC))
    again = steward.get(f"/hcps/{kept}/").content.decode()
    assert not any(words in again for words in telling)

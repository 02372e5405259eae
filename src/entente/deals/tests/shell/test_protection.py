"""One protected deal per opportunity at any instant, and no word about whose it is."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from entente.deals import reads
from entente.deals.actions import accept_deal
from entente.deals.models import Protection
from entente.directory.actions import merge_hcos
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id
from entente.policy.models import Decision

pytestmark = [pytest.mark.feature("deals/deal-protection"), pytest.mark.promise("P12")]


def protect(world, deal_id, *, at=None, organisation=None):
    with act_as(world.manager()):
        accept_deal(deal_id, at=at or world.noon)
    with act_as(world.seller(organisation)):
        return accept_deal(deal_id, at=at or world.noon)


def test_a_second_registration_of_a_protected_opportunity_is_refused(world):
    protect(world, world.register().id)
    rival = world.register(world.cast.society, at=world.later(days=1))
    assert rival.status == "refused"


def test_of_two_open_deals_the_first_accepted_wins_and_the_other_waits(world):
    first, second = world.register(), world.register(world.cast.society)
    assert protect(world, second.id, organisation=world.cast.society).status == "protected"
    with act_as(world.manager()):
        assert accept_deal(first.id, at=world.noon).status == "submitted"
        side = reads.own_side(reads.deal(first.id))
        assert side.accepted_at is None
        decision = Decision.objects.get(id=side.decision_id)
        assert (decision.outcome, decision.rule_ids) == ("FORBID", ["PG-DEAL-1"])


@pytest.mark.promise("P2")
def test_a_refusal_does_not_tell_whose_the_opportunity_is(world):
    protected = protect(world, world.register().id)
    rival = world.register(world.cast.society, at=world.later(days=1))
    with act_as(world.seller(world.cast.society)):
        decision = Decision.objects.get(id=reads.own_side(reads.deal(rival.id)).decision_id)
        told = str(decision.facts) + str(
            reads.preview(world.account_id, world.solution_id, "", at=world.later(days=1))
        )
    assert str(protected.id) not in told
    assert str(world.cast.partner.id) not in told
    assert "Northlake" not in told


def test_the_opportunity_is_free_at_the_instant_the_protection_ends(world):
    protect(world, world.register().id)
    rival = world.register(world.cast.society, at=world.later(days=180, hours=-2))
    assert rival.status == "submitted"
    with act_as(world.manager()):
        accept_deal(rival.id, at=world.later(days=180, hours=-1))
    with act_as(world.seller(world.cast.society)):
        with pytest.raises(UserError, match="protected until"):
            accept_deal(rival.id, at=world.later(days=180, seconds=-1))
        assert accept_deal(rival.id, at=world.later(days=180)).status == "protected"


def test_the_preview_says_clear_possible_or_taken_until_a_day(world):
    with act_as(world.seller(world.cast.society)):
        assert (
            reads.preview(world.account_id, world.solution_id, "", at=world.noon).status == "clear"
        )
    protect(world, world.register().id)
    with act_as(world.seller(world.cast.society)):
        taken = reads.preview(world.account_id, world.solution_id, "", at=world.noon)
        assert (taken.status, taken.until) == ("taken", world.later(days=180))
        other_site = reads.preview(world.account_id, world.solution_id, "North", at=world.noon)
        assert (other_site.status, other_site.until) == ("possible", None)


def test_two_sites_of_one_family_are_one_account(world):
    east = world.account("Northlake East", "NORTHLAKE HEALTH, INC.")
    west = world.account("Northlake West", "Northlake Health Inc")
    protect(world, world.register(account_id=east).id)
    with act_as(world.seller(world.cast.society)):
        assert reads.preview(west, world.solution_id, "", at=world.noon).status == "taken"
    assert world.register(world.cast.society, account_id=west).status == "refused"


@pytest.mark.feature("directory/identity")
def test_two_joined_records_of_an_account_are_one_opportunity(world):
    kept, other = world.account("Northmere"), world.account("Northmere Hospital")
    with act_as(world.cast.system()):
        merge_hcos(kept, other, reason="One house.", two_keys_known=True, at=world.noon)
    protect(world, world.register(account_id=other).id)
    with act_as(world.seller(world.cast.society)):
        assert reads.preview(kept, world.solution_id, "", at=world.noon).status == "taken"
    assert world.register(world.cast.society, account_id=kept).status == "refused"


def test_a_namesake_of_a_family_is_only_possible(world):
    parent = world.account("Southmere Group")
    child = world.account("Southmere Hospital", "Southmere Group")
    protect(world, world.register(account_id=child).id)
    with act_as(world.seller(world.cast.society)):
        assert reads.preview(parent, world.solution_id, "", at=world.noon).status == "possible"
    assert world.register(world.cast.society, account_id=parent).status == "submitted"


def test_the_constraint_holds_without_the_action(world):
    held = protect(world, world.register().id)
    with act_as(world.seller()):
        window = Protection.objects.get(deal_id=held.id)
    rival = world.register(site="elsewhere")
    protect(world, rival.id)
    with act_as(world.seller()), pytest.raises(IntegrityError), transaction.atomic():
        Protection.objects.create(
            id=new_id(),
            org_id=world.cast.partner.id,
            deal_id=rival.id,
            account_key=window.account_key,
            solution_id=window.solution_id,
            site_key=window.site_key,
            starts_at=world.later(days=179),
            ends_at=world.later(days=200),
        )

"""Share contracts: written by one side, signed by both, ended by either at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from entente.consent import actions, reads
from entente.consent.models import OverlapComparison, ShareContract, ShareContractSide
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from tests.cast import PASSWORD
from tests.sharing import OPENING, TERMS, Parties, npis, register_people

pytestmark = pytest.mark.feature("consent/data-share-contract")


@pytest.fixture
def parties(cast, noon):
    """The host and Northlake."""
    return Parties(cast, noon)


def state(parties, contract, at, side=0):
    with act_as(parties.scope(side)):
        return reads.share_state(contract.id, at)


def test_a_draft_is_seen_by_its_author_alone_until_it_is_proposed(parties, noon):
    with act_as(parties.privacy):
        made = actions.draft_share(TERMS, partner_id=parties.partner.id, at=noon)
    assert state(parties, made, noon) == "draft"
    with act_as(parties.theirs), pytest.raises(ShareContract.DoesNotExist):
        reads.share_state(made.id, noon)
    with act_as(parties.privacy):
        actions.propose_share(made.id, at=noon)
    assert state(parties, made, noon, side=1) == "proposed"


def test_a_contract_is_in_force_once_both_have_signed_and_within_its_days(parties, noon):
    made = parties.contract(signed=False)
    with act_as(parties.privacy):
        actions.sign_share(made.id, password=PASSWORD, at=noon)
    assert state(parties, made, noon) == "proposed"
    with act_as(parties.theirs):
        actions.sign_share(made.id, password=PASSWORD, at=noon)
    assert state(parties, made, noon) == "in_force"
    assert state(parties, made, noon - timedelta(seconds=1)) == "draft"
    assert state(parties, made, noon + timedelta(days=500)) == "expired"
    later = parties.contract(replace(TERMS, from_on=noon.date() + timedelta(days=30)))
    assert state(parties, later, noon) == "waiting"


def test_a_wrong_password_signs_nothing(parties, noon):
    made = parties.contract(signed=False)
    with act_as(parties.theirs), pytest.raises(NotSigned):
        actions.sign_share(made.id, password="wrong", at=noon)
    assert state(parties, made, noon) == "proposed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"min_cell": 10}, "min_cell"),
        ({"fields": ("npi", "salary")}, "fields"),
        ({"fields": ("name",), "legal_basis": "consent", "deidentification": "none"}, "fields"),
        ({"fields": ("npi",), "deidentification": "none"}, "legal_basis"),
        ({"fields": ("npi",), "legal_basis": "public_source"}, "deidentification"),
        (
            {
                "fields": ("npi", "email"),
                "legal_basis": "legitimate_interest",
                "deidentification": "none",
            },
            "legal_basis",
        ),
        (
            {"fields": ("npi",), "legal_basis": "authorisation", "deidentification": "none"},
            "authorisation_ref",
        ),
        ({"purpose": " "}, "purpose"),
        ({"breakdown": "npi"}, "breakdown"),
    ],
)
def test_terms_that_protect_too_little_are_refused_with_their_field(parties, noon, change, field):
    with act_as(parties.privacy), pytest.raises(UserError) as refused:
        actions.draft_share(replace(TERMS, **change), partner_id=parties.partner.id, at=noon)
    assert refused.value.field == field


def test_a_partner_does_not_write_and_a_marketer_does_not_sign(parties, cast, noon):
    with act_as(parties.theirs), pytest.raises(OutOfScope):
        actions.draft_share(TERMS, partner_id=cast.host.id, at=noon)
    made = parties.contract(signed=False)
    for role, organisation in (
        (Role.ALLIANCE_MANAGER, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        with act_as(cast.scope(role, organisation)), pytest.raises(OutOfScope):
            actions.sign_share(made.id, password=PASSWORD, at=noon)


def test_what_was_proposed_is_never_changed(parties, noon):
    made = parties.contract(signed=False)
    with act_as(parties.privacy), pytest.raises(IntegrityError), transaction.atomic():
        ShareContract.objects.filter(id=made.id).update(min_cell=50)
    with act_as(parties.privacy), pytest.raises(IntegrityError), transaction.atomic():
        ShareContract.objects.filter(id=made.id).update(proposed_at=None)


def test_the_database_takes_no_signature_that_its_side_did_not_give(parties, noon):
    made = parties.contract(signed=False)
    with act_as(parties.privacy):
        signed = actions.sign_share(made.id, password=PASSWORD, at=noon)
    forged = {
        "signed_at": noon, "signed_hash": made.terms_hash, "signature_id": signed.signature_id,
        "controller_id": signed.controller_id,
    }  # fmt: skip
    with act_as(parties.theirs), pytest.raises(IntegrityError), transaction.atomic():
        ShareContractSide.objects.filter(contract_id=made.id, org_id=parties.partner.id).update(
            **forged
        )
    with act_as(parties.privacy):
        sides = ShareContractSide.objects.filter(contract_id=made.id)
        assert sides.filter(org_id=parties.partner.id).update(**forged) == 0


def test_nobody_signs_for_both_sides_under_two_accounts(parties, cast, noon):
    made = parties.contract(signed=False)
    with act_as(parties.privacy):
        actions.sign_share(made.id, password=PASSWORD, at=noon)
    mine, theirs = cast.user(Role.PRIVACY), cast.user(Role.PARTNER_ADMINISTRATOR, cast.partner)
    with act_as(cast.system(cast.partner)):
        type(theirs).objects.filter(id=theirs.id).update(person_key=mine.person_key)
    double = cast.scope(Role.PARTNER_ADMINISTRATOR, cast.partner)
    with act_as(double), pytest.raises(UserError, match="signed for the other side"):
        actions.sign_share(made.id, password=PASSWORD, at=noon)


def test_a_new_version_replaces_the_old_one_when_both_have_signed_it(parties, noon):
    old = parties.contract()
    new = parties.contract(replace(TERMS, min_cell=20), signed=False, replaces_id=old.id)
    assert state(parties, old, noon) == "in_force"
    parties.sign(new.id)
    assert (state(parties, old, noon), state(parties, new, noon)) == ("replaced", "in_force")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.promise("P3")
def test_either_side_ends_a_contract_and_with_it_all_sight(parties, cast, noon, side):
    with act_as(cast.system()):
        register_people(cast.host.id, range(1, 100))
    made = parties.contract(OPENING)
    found = parties.compare(made.id, parties.load(0, npis(1, 60)), parties.load(1, npis(20, 100)))
    with act_as(parties.scope(1 - side)):
        assert OverlapComparison.objects.get(id=found.id).total == 40
        assert len(actions.read_people(found.id, at=noon)) == 40
    with act_as(parties.scope(side)):
        actions.end_share(made.id, reason="The programme is over", at=noon)
    for eyes in (0, 1):
        with act_as(parties.scope(eyes)):
            assert reads.share_state(made.id, noon) == "ended"
            assert not OverlapComparison.objects.exists()
            with pytest.raises(OverlapComparison.DoesNotExist):
                actions.read_people(found.id, at=noon)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM app.consent_overlap_people(%s, %s, '', 100)",
                    [found.id, noon - timedelta(days=1)],
                )
                assert cursor.fetchone() == (0,)
            with pytest.raises(UserError, match="not in force"):
                actions.compare_lists(made.id, at=noon)


def test_an_end_is_not_taken_back(parties, noon):
    made = parties.contract()
    with act_as(parties.theirs):
        actions.end_share(made.id, reason="Enough", at=noon)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShareContractSide.objects.filter(org_id=parties.partner.id).update(ended_at=None)
    with act_as(parties.privacy), pytest.raises(UserError):
        actions.end_share(made.id, reason="Too", at=noon)

"""What an HCP and a patient read of the same thing rests on the same claims, or an alarm says so."""

from __future__ import annotations

from datetime import date

import pytest

from entente.content import actions, reads
from entente.content.models import Claim, Item, Version
from entente.content.reads.pairs import pair_of
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("content/hcp-patient-pairs")


@pytest.fixture
def patient_item(cast, item, words, noon):
    """Give an item of the same product that speaks to patients and makes no claim yet."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = actions.draft_item(
            title="For patients", kind="educational", product_id=item.product_id, at=noon
        )
        actions.save_version(
            made.id,
            words(audiences=["patient"], expires_on=date(2027, 1, 1), support_statement=""),
            at=noon,
        )
    return made


def test_a_claim_that_only_one_of_a_pair_makes_raises_an_alarm(
    cast, item, patient_item, words, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.pair_items(patient_item.id, item.id, at=noon)
        found = pair_of(Item.objects.get(id=item.id))
        assert found.patient.id == patient_item.id
        assert found.differs.only_hcp == ("Lowers LDL cholesterol by half in twelve weeks.",)
        claims = list(Claim.objects.values_list("id", flat=True))
        actions.save_version(
            patient_item.id, words(audiences=["patient"], claim_ids=claims), at=noon
        )
        assert not pair_of(Item.objects.get(id=patient_item.id)).differs.is_alarming


def test_only_items_of_one_product_are_paired_and_each_once(cast, item, patient_item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        other = actions.draft_item(title="Of nothing", kind="educational", at=noon)
        with pytest.raises(UserError, match="same product"):
            actions.pair_items(other.id, item.id, at=noon)
        with pytest.raises(UserError, match="with itself"):
            actions.pair_items(item.id, item.id, at=noon)
        actions.pair_items(patient_item.id, item.id, at=noon)
        third = actions.draft_item(
            title="Third", kind="educational", product_id=item.product_id, at=noon
        )
        with pytest.raises(UserError, match="another one"):
            actions.pair_items(third.id, item.id, at=noon)


def test_the_version_page_offers_a_pair_and_shows_the_alarm(cast, item, patient_item, browse):
    web = browse(Role.BRAND_LEAD)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=patient_item)
        assert reads.version(version.id)
    assert "Pair them" in web.get(f"/content/versions/{version.id}/").content.decode()
    web.post(f"/content/items/{patient_item.id}/pair/", {"hcp_item": str(item.id)})
    shown = web.get(f"/content/versions/{version.id}/").content.decode()
    assert "They do not say the same" in shown
    assert web.post(f"/content/items/{patient_item.id}/pair/", {"hcp_item": "x"}).status_code == 302

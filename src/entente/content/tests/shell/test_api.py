"""What people do with content, a program can do."""

from __future__ import annotations

import pytest

from entente.content.models import Claim
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.web.tokens import make_token

PASSWORD = "correct horse battery"


@pytest.fixture
def call(client, cast, noon):
    """Give a caller with the token of somebody."""

    def as_somebody(role, organisation=None):
        user, scope = cast.user(role, organisation), cast.scope(role, organisation)
        with act_as(scope):
            token = make_token(user, "test", at=noon)
        headers = {"Authorization": f"Bearer {token}"}

        def ask(path, body=None):
            if body is None:
                return client.get(f"/api/content{path}", headers=headers)
            return client.post(
                f"/api/content{path}", body, content_type="application/json", headers=headers
            )

        return ask

    return as_somebody


@pytest.mark.usefixtures("item")
def test_a_joint_item_goes_from_words_to_release(cast, call, words):
    lead = call(Role.BRAND_LEAD)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
    made = lead(
        "/items",
        {"title": "By API", "kind": "educational", "partner_ids": [str(cast.partner.id)]},
    )
    assert made.status_code == 201
    item_id = made.json()["id"]
    said = {**vars(words()), "expires_on": "2027-11-20", "claim_ids": [str(claim.id)]}
    version_id = lead(f"/items/{item_id}/versions", said).json()["id"]
    assert lead(f"/versions/{version_id}/submit", {}).json()["status"] == "in_review"
    reviewer = call(Role.REVIEWER)
    assert version_id in {each["id"] for each in reviewer("/queue").json()}
    verdict = {"verdict": "approve", "password": PASSWORD}
    assert (
        reviewer(f"/versions/{version_id}/verdicts", {**verdict, "password": "x"}).status_code
        == 403
    )
    assert reviewer(f"/versions/{version_id}/verdicts", verdict).status_code == 201
    assert lead(f"/versions/{version_id}").json()["released"] is False
    partner = call(Role.PARTNER_MARKETER, cast.partner)
    assert partner(f"/versions/{version_id}/verdicts", verdict).status_code == 201
    shown = lead(f"/versions/{version_id}").json()
    assert shown["released"] is True
    assert [party["approved"] for party in shown["parties"]] == [True, True]
    assert all(check["passed"] for check in shown["checks"])
    stranger = call(Role.PARTNER_MARKETER, cast.stranger)
    assert stranger(f"/versions/{version_id}").status_code == 404
    assert stranger("/items").json()["items"] == []
    gone = partner(f"/versions/{version_id}/withdraw", {"reason": "Wrong"})
    assert gone.json()["status"] == "withdrawn"


def test_claims_are_kept_by_program(call, item):
    lead = call(Role.BRAND_LEAD)
    given = {"text": "Safe.", "market": "US", "in_label": True}
    refused = lead("/claims", given)
    assert refused.status_code == 422
    assert refused.json()["field"] == "label_section"
    claim_id = lead("/claims", {**given, "label_section": "5"}).json()["id"]
    reference = {"title": "T", "source": "S", "anchor": "p. 1"}
    assert lead(f"/claims/{claim_id}/references", reference).status_code == 201
    assert len(lead(f"/claims/{claim_id}/references").json()) == 1
    assert lead(f"/claims/{claim_id}/uses").json() == []
    assert lead(f"/claims/{claim_id}/withdraw", {"reason": "Superseded"}).json()["withdrawn_at"]
    assert len(lead("/claims?limit=1").json()["items"]) == 1
    assert call(Role.REVIEWER)("/claims", given).status_code == 403


def test_an_unknown_field_is_refused(call, item):
    answer = call(Role.BRAND_LEAD)("/items", {"title": "x", "kind": "educational", "colour": "red"})
    assert answer.status_code == 422

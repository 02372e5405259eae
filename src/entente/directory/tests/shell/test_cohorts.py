"""Cohort rules: signed by a privacy officer, for a time, never small, never about patients."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from entente.directory import actions
from entente.directory.actions import CohortTerms
from entente.directory.models import CohortRule
from entente.directory.reads import cohorts as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from tests.cast import PASSWORD

pytestmark = pytest.mark.feature("directory/rare-disease-cohorts")


@pytest.fixture
def people(cast, noon):
    """Fifteen geneticists in one state and four in another; twelve work at a centre."""
    with act_as(cast.system()):
        made = [
            actions.add_hcp(
                family_name=f"Person{n:02}", given_name="Test", country="US",
                us_state="CT" if n < 15 else "MA", profession="physician",
                specialty="Medical Genetics", at=noon,
            )
            for n in range(19)
        ]  # fmt: skip
        centre = actions.add_hco(name="Cedar Clinic", country="US", kind="Hospital", at=noon)
        actions.name_centre(centre.id, "Fabry disease", from_on=noon.date(), at=noon)
        for each in made[:12]:
            actions.affiliate(each.id, centre.id, from_on=noon.date(), at=noon)
    return made


def terms(noon, **changes):
    given = {"name": "Fabry", "purpose": "Disease education", "specialties": ["Medical Genetics"],
             "expires_on": noon.date() + timedelta(days=90)}  # fmt: skip
    return CohortTerms(**(given | changes))


@pytest.fixture
def drafted(cast, people, noon):
    with act_as(cast.scope(Role.MSL)):
        return actions.draft_cohort(terms(noon), at=noon)


def test_a_cohort_is_used_only_while_signed_and_not_expired(cast, drafted, noon):
    today = noon.date()
    with act_as(cast.scope(Role.PRIVACY)):
        with pytest.raises(UserError, match="No privacy officer"):
            reads.cohort_hcp_ids(drafted.id, today)
        with pytest.raises(NotSigned):
            actions.sign_cohort(drafted.id, password="wrong", at=noon)
        actions.sign_cohort(drafted.id, password=PASSWORD, at=noon)
        assert len(reads.cohort_hcp_ids(drafted.id, today)) == 19
        assert len(reads.cohort_hcp_ids(drafted.id, drafted.expires_on)) == 19
        with pytest.raises(UserError, match="expired"):
            reads.cohort_hcp_ids(drafted.id, drafted.expires_on + timedelta(days=1))
        with pytest.raises(UserError, match="signed already"):
            actions.sign_cohort(drafted.id, password=PASSWORD, at=noon)
        actions.withdraw_cohort(drafted.id, reason="study ended", at=noon)
        with pytest.raises(UserError, match="withdrawn"):
            reads.cohort_hcp_ids(drafted.id, today)


def test_the_author_and_other_roles_do_not_sign(cast, people, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        rule = actions.draft_cohort(terms(noon), at=noon)
        with pytest.raises(OutOfScope):
            actions.sign_cohort(rule.id, password=PASSWORD, at=noon)
    privacy = cast.scope(Role.PRIVACY)
    with act_as(privacy):
        CohortRule.objects.filter(id=rule.id)
        other = CohortRule.objects.create(
            org_id=privacy.org_id, name="Own", purpose="x", specialties=["Medical Genetics"],
            expires_on=noon.date() + timedelta(days=9), content_hash="0" * 64,
            author_id=privacy.actor_id, author_key=privacy.person_key, drafted_at=noon,
        )  # fmt: skip
        with pytest.raises(OutOfScope, match="somebody else"):
            actions.sign_cohort(other.id, password=PASSWORD, at=noon)


def test_small_cells_are_hidden_and_a_small_cohort_is_not_signed(cast, people, drafted, noon):
    today = noon.date()
    with act_as(cast.scope(Role.MSL)):
        counts = reads.counts_of(drafted, today)
        assert counts.total == 19
        assert counts.by_state == [("CT", None), ("MA", None)], "MA alone would follow from CT"
        at_centre = actions.draft_cohort(
            terms(noon, name="At centres", centre_area="fabry disease"), at=noon
        )
        assert reads.counts_of(at_centre, today).total == 12
        small = actions.draft_cohort(terms(noon, name="Small", states=["MA"]), at=noon)
        assert reads.counts_of(small, today).total is None
    with act_as(cast.scope(Role.PRIVACY)), pytest.raises(UserError, match="fewer than 11"):
        actions.sign_cohort(small.id, password=PASSWORD, at=noon)


def test_what_was_drafted_does_not_change_behind_the_signature(cast, drafted):
    for change in ({"states": ["NY"]}, {"minimum_cell": 12}, {"expires_on": "2030-01-01"}):
        with act_as(cast.system()), pytest.raises(DatabaseError), transaction.atomic():
            CohortRule.objects.filter(id=drafted.id).update(**change)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"specialties": [], "states": ["CT"]}, "specialties"),
        ({"states": ["ZZ"]}, "states"),
        ({"minimum_cell": 10}, "minimum_cell"),
        ({"countries": ["us"]}, "countries"),
        ({"expires_on": datetime(2026, 11, 20, tzinfo=UTC).date()}, "expires_on"),
        ({"expires_on": datetime(2029, 1, 1, tzinfo=UTC).date()}, "expires_on"),
    ],
)
def test_a_rule_that_cannot_be_is_named(cast, noon, change, field):
    with act_as(cast.scope(Role.MSL)), pytest.raises(UserError) as wrong:
        actions.draft_cohort(terms(noon, **change), at=noon)
    assert wrong.value.field == field


def test_a_rule_is_drafted_signed_and_withdrawn_on_pages(cast, people, client):
    client.force_login(cast.user(Role.MSL))
    given = {"name": "Fabry", "purpose": "Education", "specialties": "Medical Genetics",
             "minimum_cell": 11, "expires_on": datetime.now(UTC).date() + timedelta(days=30)}  # fmt: skip
    assert client.post("/cohorts/new/", given | {"minimum_cell": 5}).status_code == 422
    made = client.post("/cohorts/new/", given)
    assert made.status_code == 302
    at = made["Location"]
    assert "too few" in client.get(at).content.decode()
    assert client.post(at + "sign/", {"password": PASSWORD}).status_code == 403
    client.force_login(cast.user(Role.PRIVACY))
    assert "Sign as privacy officer" in client.get(at).content.decode()
    client.post(at + "sign/", {"password": "wrong"})
    client.post(at + "sign/", {"password": PASSWORD})
    assert "In use" in client.get("/cohorts/").content.decode()
    client.post(at + "withdraw/", {"reason": "ended"})
    assert "withdrawn" in client.get("/cohorts/").content.decode()
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    assert client.get(at).status_code == 403


def test_a_program_drafts_counts_signs_and_withdraws(cast, people, client):
    root = "/api/directory/cohorts"

    def post(address, body):
        return client.post(root + address, json.dumps(body), content_type="application/json")

    client.force_login(cast.user(Role.BRAND_LEAD))
    given = {"name": "Fabry", "purpose": "Education", "specialties": ["Medical Genetics"],
             "expires_on": (datetime.now(UTC).date() + timedelta(days=30)).isoformat()}  # fmt: skip
    made = post("", given)
    assert made.status_code == 201
    assert post("", given | {"name": "Two", "patients": 3}).status_code == 422
    at = f"/{made.json()['id']}"
    told = client.get(root + at + "/counts").json()
    assert (told["total"], told["by_state"]) == (19, {"CT": None, "MA": None})
    client.force_login(cast.user(Role.PRIVACY))
    assert post(at + "/signature", {"password": PASSWORD}).json()["status"] == "signed"
    assert post(at + "/withdrawal", {"reason": "ended"}).json()["status"] == "withdrawn"
    assert len(client.get(root).json()["items"]) == 1


def test_a_centre_is_named_and_ended_on_the_organisations_page(cast, noon, client):
    with act_as(cast.system()):
        hco = actions.add_hco(name="Cedar Clinic", country="US", kind="Hospital", at=noon)
    client.force_login(cast.user(Role.MSL))
    at = f"/hcos/{hco.id}/"
    assert client.post(at + "centre/", {"area": "Gaucher disease"}).status_code == 302
    assert "Gaucher disease" in client.get(at).content.decode()
    with act_as(cast.system()):
        held = reads.centres_of(hco.id, datetime.now(UTC).date())[0]
    client.post(at + "centre/", {"centre": held.id})
    assert "For no area yet" in client.get(at).content.decode()

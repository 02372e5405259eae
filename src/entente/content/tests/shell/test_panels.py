"""Panels: who has to sign, who may, for which countries, and what is released then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.content import actions, reads
from entente.content.actions import Limits
from entente.content.models import Certificate, Need, Version
from entente.content.reads.lanes import fast_lane_closed
from entente.content.reads.material import fingerprint_of
from entente.content.reads.panels import needs_of, stage_of
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.models import User
from entente.foundation.organisations import add_user

PASSWORD = "correct horse battery"


@pytest.fixture
def reviewer(cast, noon):
    """Give a maker of reviewers of the host, each with a seat; gives their scopes."""

    def make(name, function, countries=(), qualification="", to_on=None):
        with act_as(cast.system()):
            add_user(
                email=f"{name}@halden.test", name=name.title(), title="Reviewer",
                roles=frozenset({Role.REVIEWER}), at=noon, password=PASSWORD,
            )  # fmt: skip
            user = User.objects.get(email=f"{name}@halden.test")
            user.qualification = qualification
            user.save(update_fields=["qualification"])
        scope = replace(cast.scope(Role.REVIEWER), actor_id=user.id, person_key=user.person_key)
        if function:
            with act_as(cast.scope(Role.COMPLIANCE)):
                actions.add_seat(
                    function=function, holder=user.id, countries=countries,
                    from_on=noon.date(), to_on=to_on, at=noon,
                )  # fmt: skip
        return scope

    return make


@pytest.fixture
def panel(reviewer):
    """Give the host's panel of three."""
    return {name: reviewer(name, name) for name in ("medical", "legal", "regulatory")}


def submitted(cast, item, noon, **changes):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        version = Version.objects.get(item=item, status="draft")
        return actions.submit_for_review(version.id, at=noon, **changes)


def sign(scope, version, noon, *, limits=None, **changes):
    given = {"verdict": "approve", "comment": "", "password": PASSWORD, **changes}
    with act_as(scope):
        return actions.decide(version.id, at=noon, limits=limits or Limits(), **given)


def partner_signs(cast, version, noon, **changes):
    return sign(cast.scope(Role.PARTNER_MARKETER, cast.partner), version, noon, **changes)


def status_of(cast, version):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return reads.version(version.id).status


@pytest.mark.feature("content/risk-lanes")
def test_a_new_claim_needs_all_three_functions_and_the_partner(cast, item, panel, noon):
    version = submitted(cast, item, noon)
    assert version.lane == "red"
    assert {each["code"] for each in version.lane_reasons} >= {"words", "new_claim", "cobrand"}
    for name in ("regulatory", "medical", "legal"):
        sign(panel[name], version, noon)
        assert status_of(cast, version) == "in_review"
    partner_signs(cast, version, noon)
    assert status_of(cast, version) == "approved"


@pytest.mark.promise("P11")
def test_a_function_is_signed_by_whoever_holds_its_seat_and_nobody_else(cast, item, panel, noon):
    version = submitted(cast, item, noon)
    with pytest.raises(OutOfScope, match="no seat"):
        sign(panel["legal"], version, noon, function="medical")
    with pytest.raises(OutOfScope, match="no seat"):
        sign(cast.scope(Role.REVIEWER), version, noon)
    sign(panel["legal"], version, noon)
    with pytest.raises(UserError, match="already signed"):
        sign(panel["legal"], version, noon)


def test_a_deputy_signs_while_named_and_not_a_day_longer(cast, item, panel, reviewer, noon):
    deputy = reviewer("deputy", "")
    with act_as(cast.scope(Role.COMPLIANCE)):
        seat = next(s for s in reads.panels.seats() if s.function == "medical")
        actions.add_deputy(
            seat.id, holder=deputy.actor_id, from_on=noon.date(), reason="On leave",
            to_on=noon.date() + timedelta(days=3), at=noon,
        )  # fmt: skip
    version = submitted(cast, item, noon)
    with pytest.raises(OutOfScope, match="no seat"):
        sign(deputy, version, noon + timedelta(days=4))
    given = sign(deputy, version, noon + timedelta(days=3))
    assert (given.function, given.deputy_for) == ("medical", "Medical")


def test_a_reviewer_who_left_no_longer_signs_and_the_seat_waits(cast, item, panel, noon):
    version = submitted(cast, item, noon)
    with act_as(cast.scope(Role.COMPLIANCE)):
        seat = next(s for s in reads.panels.seats() if s.function == "legal")
        actions.end_seat(seat.id, last_day=noon.date(), at=noon)
    later = noon + timedelta(days=1)
    with pytest.raises(OutOfScope, match="no seat"):
        sign(panel["legal"], version, later)
    sign(panel["medical"], version, later)
    sign(panel["regulatory"], version, later)
    partner_signs(cast, version, later)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        waiting = [n.function for n in needs_of(reads.version(version.id)) if not n.is_answered]
    assert waiting == ["legal"]


@pytest.fixture
def abroad(cast, item, words, noon):
    """Give the draft for the United States and Germany."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claims = [use.claim_id for use in Version.objects.get(item=item).claim_uses.all()]
        return actions.save_version(item.id, words(markets=["US", "DE"], claim_ids=claims), at=noon)


@pytest.mark.feature("content/co-authored-content")
def test_a_version_is_released_where_all_parties_approve_it_and_nowhere_else(
    cast, item, abroad, panel, noon
):
    version = submitted(cast, item, noon)
    for name in ("medical", "legal"):
        sign(panel[name], version, noon)
    sign(panel["regulatory"], version, noon, limits=Limits(until=date(2027, 3, 1)))
    partner_signs(cast, version, noon, limits=Limits(markets=["DE"]))
    with act_as(cast.scope(Role.BRAND_LEAD)):
        found = reads.version(version.id)
    assert (found.status, found.released_markets) == ("approved", ["DE"])
    assert found.released_until == date(2027, 3, 1)


def test_two_countries_have_their_own_medical_reviewers(cast, item, abroad, reviewer, noon):
    version = None
    scopes = {
        "us": reviewer("us", "medical", ["US"]),
        "de": reviewer("de", "medical", ["DE"]),
        "legal": reviewer("legal", "legal"),
        "regulatory": reviewer("regulatory", "regulatory"),
    }
    version = submitted(cast, item, noon)
    for name in ("us", "legal", "regulatory"):
        sign(scopes[name], version, noon)
    partner_signs(cast, version, noon)
    assert status_of(cast, version) == "in_review"
    assert sign(scopes["de"], version, noon).answers == ["DE"]
    assert status_of(cast, version) == "approved"


def test_approvals_without_a_country_in_common_are_refused_to_the_last_signer(
    cast, item, abroad, panel, noon
):
    version = submitted(cast, item, noon)
    sign(panel["medical"], version, noon, limits=Limits(markets=["US"]))
    with pytest.raises(UserError, match="in common"):
        sign(panel["legal"], version, noon, limits=Limits(markets=["DE"]))
    with pytest.raises(UserError, match="no more than"):
        sign(panel["legal"], version, noon, limits=Limits(channels=["email", "social"]))
    assert status_of(cast, version) == "in_review"


@pytest.mark.feature("content/risk-lanes")
def test_a_british_item_is_certified_last_and_by_a_doctor(cast, item, words, panel, reviewer, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claims = [use.claim_id for use in Version.objects.get(item=item).claim_uses.all()]
        actions.save_version(item.id, words(markets=["GB"], claim_ids=claims), at=noon)
    with pytest.raises(UserError, match="needs one of: dentist, doctor, pharmacist"):
        reviewer("layman", "uk_signatory")
    signatory = reviewer("signatory", "uk_signatory", qualification="doctor")
    version = submitted(cast, item, noon)
    with pytest.raises(UserError, match="sign before"):
        sign(signatory, version, noon)
    for scope in panel.values():
        sign(scope, version, noon)
    partner_signs(cast, version, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        found = reads.version(version.id)
        assert stage_of(found, needs_of(found)) == "in_approval"
    given = sign(signatory, version, noon)
    assert given.signature.meaning.startswith("I certify this final form")
    assert status_of(cast, version) == "approved"


def test_any_partys_reviewer_raises_a_lane_and_nobody_lowers_it(cast, item, panel, words, noon):
    version = module_item(cast, words, noon, panel)
    assert version.lane == "green"
    with act_as(panel["legal"]):
        actions.raise_lane(version.id, lane="amber", reason="The picture is new", at=noon)
        with pytest.raises(UserError, match="only ever raised"):
            actions.raise_lane(version.id, lane="amber", reason="Again", at=noon)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE content_version SET lane = 'green' WHERE id = %s", [version.id])
    sign(panel["regulatory"], version, noon)
    assert status_of(cast, version) == "in_review"
    sign(panel["medical"], version, noon)
    assert status_of(cast, version) == "approved"


def module_item(cast, words, noon, panel):
    """Release two modules, then submit an item that is made of nothing else."""
    parts = [module(cast, words, noon, panel, kind) for kind in ("body", "safety")]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = actions.draft_item(title="Made of modules", kind="educational", at=noon)
        saved = actions.save_version(
            made.id,
            words(html="", text="", support_statement="", channels=["web"],
                  expires_on=date(2027, 6, 1), parts=parts),
            at=noon,
        )  # fmt: skip
        return actions.submit_for_review(saved.id, at=noon)


def module(cast, words, noon, panel, kind, said=""):
    said = said or f"About {kind}."
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = actions.draft_item(title=kind.title(), kind="educational", module_kind=kind, at=noon)
        saved = actions.save_version(
            made.id,
            words(html=f"<p>{said}</p>", text=said, channels=["web", "email"],
                  support_statement=""),
            at=noon,
        )  # fmt: skip
        version = actions.submit_for_review(saved.id, at=noon)
    for scope in panel.values():
        sign(scope, version, noon)
    return version.id


@pytest.mark.feature("content/modular-content")
def test_an_item_of_released_modules_alone_takes_the_fast_lane(cast, panel, words, noon):
    version = module_item(cast, words, noon, panel)
    assert version.lane == "green"
    assert version.html == "<p>About body.</p>\n<p>About safety.</p>"
    sign(panel["regulatory"], version, noon)
    assert status_of(cast, version) == "approved"


@pytest.mark.feature("content/modular-content")
def test_a_module_that_was_withdrawn_holds_back_what_is_made_of_it(cast, panel, words, noon):
    version = module_item(cast, words, noon, panel)
    sign(panel["regulatory"], version, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert reads.is_released(version.id, at=noon)
        part = version.parts.order_by("position")[0].module_version
        actions.withdraw_version(part.id, reason="A figure was wrong", at=noon)
        assert "Body" in reads.why_not_released(reads.version(version.id), at=noon)


def test_a_partner_who_never_saw_the_modules_signs_and_finds_the_same_hash(
    cast, panel, words, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        made = actions.draft_item(
            title="Joint", kind="educational", partner_ids=[cast.partner.id], at=noon
        )
        statement = words().support_statement
    parts = [module(cast, words, noon, panel, "body", statement)]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        saved = actions.save_version(
            made.id,
            words(html="", text="", channels=["web"], expires_on=date(2027, 6, 1), parts=parts),
            at=noon,
        )  # fmt: skip
        version = actions.submit_for_review(saved.id, at=noon)
    partner = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    with act_as(partner):
        seen = reads.version(version.id)
        assert fingerprint_of(seen) == version.content_hash
    sign(partner, version, noon)
    for scope in panel.values():
        sign(scope, version, noon)
    for scope in (partner, cast.scope(Role.BRAND_LEAD)):
        with act_as(scope):
            assert reads.why_not_released(reads.version(version.id), at=noon) == ""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.withdraw_version(parts[0], reason="A figure was wrong", at=noon)
    with act_as(partner):
        assert "recalled" in reads.why_not_released(reads.version(version.id), at=noon)


@pytest.mark.feature("content/risk-lanes")
def test_a_miss_in_the_monthly_sample_closes_the_fast_lane_until_it_is_mended(
    cast, panel, words, noon
):
    version = module_item(cast, words, noon, panel)
    sign(panel["regulatory"], version, noon)
    with act_as(panel["medical"]):
        (drawn,) = actions.draw_samples(noon.date(), at=noon)
        assert actions.draw_samples(noon.date(), at=noon) == []
    with act_as(panel["regulatory"]), pytest.raises(UserError, match="somebody else"):
        actions.judge_sample(drawn.id, verdict="miss", finding="No.", at=noon)
    with act_as(panel["medical"]):
        actions.judge_sample(drawn.id, verdict="miss", finding="A stale figure", at=noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert "A stale figure" in fast_lane_closed(cast.host.id)
    with act_as(cast.scope(Role.COMPLIANCE)):
        actions.reopen_fast_lane(drawn.id, mended="Figures carry a day now", at=noon)
        assert fast_lane_closed(cast.host.id) == ""


def test_one_party_signs_for_all_once_the_others_have_accepted(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(UserError, match="before the first use"):
            actions.propose_lead(
                item.id, agreement="A-1", notified_on=noon.date() + timedelta(days=1),
                notice="N-1", at=noon,
            )  # fmt: skip
        actions.propose_lead(
            item.id, agreement="A-1", notified_on=noon.date(), notice="N-1", at=noon
        )
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        actions.accept_lead(item.id, at=noon)
    version = submitted(cast, item, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert set(Need.objects.filter(version=version).values_list("org_id", flat=True)) == {
            cast.host.id
        }
    sign(cast.scope(Role.REVIEWER), version, noon)
    assert status_of(cast, version) == "approved"


def test_an_offer_that_a_partner_has_not_accepted_changes_nothing(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.propose_lead(
            item.id, agreement="A-1", notified_on=noon.date(), notice="N-1", at=noon
        )
    version = submitted(cast, item, noon)
    sign(cast.scope(Role.REVIEWER), version, noon)
    assert status_of(cast, version) == "in_review"


def test_the_certificate_says_in_words_who_signed_what_and_both_parties_keep_it(
    cast, item, panel, noon
):
    version = submitted(cast, item, noon)
    for scope in panel.values():
        sign(scope, version, noon)
    partner_signs(cast, version, noon)
    for scope in (cast.scope(Role.REVIEWER), cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        with act_as(scope):
            kept = Certificate.objects.get(version_id=version.id)
            assert kept.body_hash == sha256_hex(canonical(kept.body))
            assert [each["function"] for each in kept.body["signatures"]] == [
                "Medical reviewer", "Legal reviewer", "Regulatory reviewer", "Reviewer",
            ]  # fmt: skip
            assert kept.body["content_hash"] == version.content_hash
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert not Certificate.objects.exists()


def test_a_remark_is_pinned_to_words_that_stand_in_the_version(cast, item, panel, noon):
    version = submitted(cast, item, noon)
    with act_as(panel["medical"]):
        with pytest.raises(UserError, match="do not stand"):
            actions.annotate(version.id, quote="cures everything", remark="No", at=noon)
        made = actions.annotate(version.id, quote="by half", remark="Give the figure", at=noon)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        assert [a.remark for a in reads.panels.annotations_of(reads.version(version.id))] == [
            "Give the figure"
        ]
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert actions.answer_remark(made.id, answer="53 per cent", at=noon).answer


def test_what_was_never_released_is_cancelled_and_what_was_is_withdrawn(
    cast, item, panel, words, noon
):
    version = submitted(cast, item, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert actions.cancel_version(version.id, reason="Not now", at=noon).status == "cancelled"
        again = actions.save_version(item.id, words(), at=noon)
        actions.submit_for_review(again.id, at=noon)
    for scope in panel.values():
        sign(scope, again, noon)
    partner_signs(cast, again, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        third = actions.save_version(item.id, words(), at=noon)
        with pytest.raises(UserError, match="withdraw the version instead"):
            actions.cancel_version(third.id, reason="Not now", at=noon)


def test_a_later_version_for_one_country_leaves_the_earlier_one_in_the_others(
    cast, item, abroad, panel, words, noon
):
    first = submitted(cast, item, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claims = [use.claim_id for use in first.claim_uses.all()]
    for scope in panel.values():
        sign(scope, first, noon)
    partner_signs(cast, first, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        second = actions.save_version(
            item.id, words(markets=["DE"], subject="Newer", claim_ids=claims), at=noon
        )
        actions.submit_for_review(second.id, at=noon)
    for scope in panel.values():
        sign(scope, second, noon)
    partner_signs(cast, second, noon)
    assert (status_of(cast, first), status_of(cast, second)) == ("approved", "approved")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        rows = list(first.superseded_in.values_list("market", "by_version_id"))
    assert rows == [("DE", second.id)]


def test_a_safety_update_is_due_in_24_hours_and_reviewed_in_full(cast, item, panel, noon):
    version = submitted(cast, item, noon, urgent_because="A death was reported")
    assert version.review_due_on == noon.date() + timedelta(days=1)
    assert version.panel == ["medical", "legal", "regulatory"]

"""Publishing: the gate decides, the address follows the version, and every state is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from entente.content import actions
from entente.content.actions import Publication, visits
from entente.content.actions.hear_answer import hear_answer
from entente.content.models import Claim, HostedPage, Version
from entente.content.reads import release
from entente.content.reads.hosted import by_day, hosted_page, hosted_pages, totals
from entente.directory.actions import add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage
from entente.policy.actions import SETTLED, answer_referral
from entente.policy.models import Referral

pytestmark = pytest.mark.feature("content/hosted-pages")

PASSWORD = "correct horse battery"
READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0", "HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def publish(lead, on_web, noon):
    """Give a maker of a page at /h/lipids/, permitted unless its version is not released."""

    def make(*, version=None, at=noon, make=None, **given):
        if version is None:
            version, entity = on_web(**(make or {}))
            given.setdefault("sender_id", entity.id)
        with act_as(lead):
            return actions.publish_version(
                Publication(version.id, country="US", **{"slug": "lipids", **given}), at=at
            )

    return make


def declared(client, address="/h/lipids/"):
    """Give the answer to a reader who says that he is a professional."""
    client.post(address, {"act": "declare"}, **READER)
    return client.get(address, **READER)


def test_a_released_version_is_published_once_the_gate_permits_it(lead, publish, client, noon):
    page = publish()
    with act_as(lead):
        assert page.decision.outcome == "PERMIT"
        assert page.decision.act_type == "publication"
        assert hosted_page(page.id, noon).state == "live"
        entry = LedgerEntry.objects.get(object_id=page.id)
        assert entry.verb == "content.page.published"
    answer = declared(client)
    assert answer.status_code == 200
    assert "Lowers LDL cholesterol by half" in answer.content.decode()
    assert "1 Halden Way, Testford" in answer.content.decode()


def test_what_is_not_released_is_refused_by_the_gate_and_answers_nobody(
    publish, client, lead, noon
):
    page = publish(make={"release": False})
    assert (page.outcome, client.get("/h/lipids/").status_code) == ("FORBID", 404)
    with act_as(lead):
        assert hosted_page(page.id, noon).state == "refused"
        assert "PG-APP-1" in page.decision.rule_ids or page.decision.rule_ids


def test_a_refused_page_keeps_no_address_and_is_asked_about_again(
    cast, publish, lead, noon, client
):
    page = publish(make={"release": False})
    with act_as(lead):
        actions.submit_for_review(page.version_id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(page.version_id, verdict="approve", comment="", password=PASSWORD, at=noon)
        actions.record_filing(
            page.version_id, authority="fda", filed_on=noon.date(), reference="1", at=noon
        )
    assert client.get("/h/lipids/").status_code == 404
    with act_as(lead):
        assert actions.ask_again(page.id, at=noon).outcome == "PERMIT"
    assert client.get("/h/lipids/", **READER).status_code == 200
    with act_as(lead), pytest.raises(UserError, match="has answered"):
        actions.ask_again(page.id, at=noon)


@pytest.mark.parametrize(
    ("changes", "given", "said"),
    [
        ({"channels": ["in_person"]}, {}, "not meant for the web"),
        ({}, {"country": "DE"}, "choose one of US"),
        ({}, {"slug": "No Such"}, "small letters"),
        ({}, {"slug": "x"}, "small letters"),
        ({}, {"language": "english"}, "as a code"),
    ],
)
def test_what_does_not_fit_the_web_is_refused_in_words(lead, on_web, noon, changes, given, said):
    version, entity = on_web(release=False, **changes)
    wanted = {"country": "US", "slug": "lipids", **given}
    with act_as(lead), pytest.raises(UserError, match=said):
        actions.publish_version(Publication(version.id, entity.id, **wanted), at=noon)


def test_merge_fields_never_reach_the_web(lead, on_web, noon):
    version, entity = on_web(release=False, html="<p>Dear {{given_name}}</p>")
    with act_as(lead), pytest.raises(UserError, match="merge fields"):
        actions.publish_version(Publication(version.id, entity.id, "US"), at=noon)


def test_only_who_may_publish_publishes_and_only_what_is_his(cast, on_web, noon):
    version, entity = on_web()
    wanted = Publication(version.id, entity.id, "US", slug="lipids")
    for role in (Role.REVIEWER, Role.REPRESENTATIVE):
        with act_as(cast.scope(role)), pytest.raises(OutOfScope):
            actions.publish_version(wanted, at=noon)
    with act_as(cast.system(cast.partner)), pytest.raises(Version.DoesNotExist):
        actions.publish_version(wanted, at=noon)


def test_a_sender_is_ones_own(cast, lead, on_web, noon):
    version, _ = on_web()
    with act_as(cast.system(cast.partner)):
        other = add_legal_entity(name="N", country="US", postal_address="2 Way", at=noon)
    with act_as(lead), pytest.raises(UserError, match="your organisation"):
        actions.publish_version(Publication(version.id, other.id, "US"), at=noon)


def _withdraw(page, noon, cast):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.withdraw_version(page.version_id, reason="A risk", at=noon)


def _supersede(page, noon, cast):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        before = Version.objects.get(id=page.version_id)
        again = actions.save_version(
            page.item_id,
            actions.Words(
                "Second", before.html, before.text, before.markets, before.audiences,
                before.channels, before.expires_on, "", holds=before.holds,
                claim_ids=before.claim_uses.values_list("claim_id", flat=True),
            ),
            at=noon,
        )  # fmt: skip
        actions.submit_for_review(again.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(again.id, verdict="approve", comment="", password=PASSWORD, at=noon)
        actions.record_filing(
            again.id, authority="fda", filed_on=noon.date(), reference="2", at=noon
        )


def _withdraw_claim(page, noon, cast):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get(uses__version=page.version_id)
        actions.withdraw_claim(claim.id, reason="No longer true", at=noon)


def _end(page, noon, cast):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.end_page(page.id, reason="Campaign over", at=noon)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (_withdraw, "Its content was withdrawn"),
        (_supersede, "replaced by a newer version"),
        (_withdraw_claim, "A statement in it was withdrawn"),
        (_end, "ended the publication"),
    ],
)
def test_the_page_is_gone_with_its_reason_from_the_next_request(
    cast, publish, client, noon, happens, said
):
    page = publish()
    assert declared(client).status_code == 200
    happens(page, noon, cast)
    answer = client.get("/h/lipids/", **READER)
    assert answer.status_code == 410
    assert said in answer.content.decode()
    assert "Lowers LDL" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for rest in ("files/01990000-0000-7000-8000-000000000000/",
                 "tools/01990000-0000-7000-8000-000000000000/"):  # fmt: skip
        assert client.get(f"/h/lipids/{rest}", **READER).status_code == 410
    for data in ({"act": "register", "name": "A", "email": "a@b.test"}, {"act": "declare"}):
        assert client.post("/h/lipids/", data, **READER).status_code == 410


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of the pages."""

    def set_to(moment):
        told = type("datetime", (datetime,), {"now": staticmethod(lambda tz=None: moment)})
        monkeypatch.setattr("entente.content.pages.hosted.datetime", told)

    return set_to


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(days=370), "approval of its content has ended"),
        (timedelta(hours=2), "ended as planned"),
    ],
)
def test_what_time_does_is_seen_at_the_next_request(publish, client, clock, noon, passed, said):
    publish(ends_at=noon + timedelta(hours=1))
    clock(noon + timedelta(minutes=59))
    assert declared(client).status_code == 200
    clock(noon + passed)
    answer = client.get("/h/lipids/", **READER)
    assert (answer.status_code, said in answer.content.decode()) == (410, True)


def test_bytes_that_nobody_signed_are_not_shown(publish, client, monkeypatch):
    publish()
    assert declared(client).status_code == 200
    monkeypatch.setattr(release, "fingerprint_of", lambda version: "0" * 64)
    answer = client.get("/h/lipids/", **READER)
    assert (answer.status_code, "no longer holds" in answer.content.decode()) == (410, True)


def test_a_reader_costs_few_queries(publish, client, django_assert_max_num_queries):
    publish()
    assert declared(client).status_code == 200
    with django_assert_max_num_queries(28):
        client.get("/h/lipids/", **READER)


def test_a_page_that_has_not_begun_answers_like_no_page(publish, client, noon):
    publish(starts_at=noon + timedelta(days=3650))
    nothing = client.get("/h/nothing-here/", **READER)
    planned = client.get("/h/lipids/", **READER)
    assert (planned.status_code, nothing.status_code) == (404, 404)
    assert planned.content == nothing.content


def test_an_address_goes_to_the_next_version_and_to_nobody_else(
    cast, publish, client, noon, lead, on_web
):
    first = publish()
    _supersede(first, noon, cast)
    assert client.get("/h/lipids/", **READER).status_code == 410
    with act_as(lead):
        again = Version.objects.get(item=first.item_id, number=2)
        second = actions.publish_version(
            Publication(again.id, first.sender_id, "US", slug="lipids"), at=noon
        )
        assert HostedPage.objects.get(id=first.id).ended_reason == "replaced by version 2"
    assert "Second" in declared(client).content.decode()
    other, entity = on_web(title="Other")
    with act_as(lead), pytest.raises(UserError, match="taken"):
        actions.publish_version(Publication(other.id, entity.id, "US", slug="lipids"), at=noon)
    with act_as(lead):
        actions.end_page(second.id, reason="over", at=noon)
    _forge(cast, first, "lipids")


def _forge(cast, page, slug):
    """Take the address over for another organisation, past every action."""
    with act_as(cast.system()):
        row = {f.attname: getattr(page, f.attname) for f in HostedPage._meta.fields}
    with act_as(cast.system(cast.partner)), pytest.raises(IntegrityError, match="taken"):
        names = {"id", "org_id", "item_id", "version_id"}
        with transaction.atomic():
            HostedPage.objects.bulk_create(
                [HostedPage(**{k: v for k, v in row.items() if k not in names}
                            | {"org_id": cast.partner.id, "item_id": page.item_id,
                               "version_id": page.version_id})]
            )  # fmt: skip


@pytest.mark.parametrize("approve", [True, False])
def test_a_referred_page_appears_once_somebody_approved_it(
    cast, publish, client, lead, noon, monkeypatch, approve
):
    # A purpose that nobody knows is for a person to judge.
    monkeypatch.setattr("entente.content.actions.hosted.PURPOSES", {"promo": None})
    page = publish()
    with act_as(lead):
        assert hosted_page(page.id, noon).state == "waiting"
        (referral,) = Referral.objects.filter(object_id=page.id)
    assert client.get("/h/lipids/", **READER).status_code == 404
    with act_as(cast.scope(Role(referral.role))):
        answer_referral(
            referral.id, approve=approve, reason="It promotes.", password=PASSWORD, at=noon
        )
    with act_as(cast.system()):
        for message in OutboxMessage.objects.filter(topic=SETTLED, state="pending"):
            hear_answer(message, noon)
        assert hosted_page(page.id, noon).state == ("live" if approve else "waiting")
    assert client.get("/h/lipids/", **READER).status_code == (200 if approve else 404)


def test_what_was_published_is_never_changed_under_its_readers(publish, lead):
    page = publish()
    with act_as(lead), pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        HostedPage.objects.filter(id=page.id).update(country="DE")


def test_a_partner_reads_where_a_joint_item_stands_and_a_stranger_does_not(
    cast, lead, publish, on_web, words, noon
):
    statement = words().support_statement
    version, entity = on_web(
        release=False,
        partners=[cast.partner.id],
        support_statement=statement,
        html=words()
        .html.replace("{{given_name}}", "colleague")
        .replace("{{unsubscribe_url}}", "https://x.test"),
        text=words()
        .text.replace("{{given_name}}", "colleague")
        .replace("{{unsubscribe_url}}", "x"),
    )
    with act_as(lead):
        actions.submit_for_review(version.id, at=noon)
    page = publish(version=version, sender_id=entity.id)
    with act_as(cast.system(cast.partner)):
        assert [each.page.id for each in hosted_pages(noon)] == [page.id]
        assert HostedPage.objects.filter(id=page.id).update(ended_reason="x") == 0
    with act_as(lead):
        for what, n in (("view", 25), ("download", 3)):
            visits.count(page, what, on=noon.date(), n=n)
        assert totals([page.id])[page.id] == {"view": 25, "download": 3}
    with act_as(cast.system(cast.partner)):
        # What few did would point at somebody, so a partner is told whole steps of eleven.
        assert totals([page.id])[page.id] == {"view": 22, "download": 0}
        assert by_day(page.id, last=noon.date()) == {noon.date(): {"view": 22, "download": 0}}
    with act_as(cast.system(cast.stranger)):
        assert hosted_pages(noon) == []


def test_a_page_is_gone_where_a_later_version_took_its_place_in_its_country(
    cast, publish, lead, words, client, noon
):
    page = publish(make={"markets": ["US", "CA"]})
    assert declared(client).status_code == 200
    with act_as(lead):
        first = Version.objects.get(id=page.version_id)
        claims = [use.claim_id for use in first.claim_uses.all()]
        second = actions.save_version(
            first.item_id,
            words(
                html=first.html, text=first.text, channels=["web"], support_statement="",
                claim_ids=claims, holds=first.holds, markets=["US"],
            ),
            at=noon,
        )  # fmt: skip
        actions.submit_for_review(second.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(second.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    with act_as(lead):
        assert Version.objects.get(id=first.id).status == "approved"
    answer = client.get("/h/lipids/", **READER)
    assert answer.status_code == 410
    assert "replaced by a newer version" in answer.content.decode()

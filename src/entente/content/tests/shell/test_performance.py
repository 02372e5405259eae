"""What content does: counted by version as a slow and obvious twin counts, small numbers kept."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.content import actions, uses
from entente.content.actions import Publication
from entente.content.models import HostedCount, HostedPage, PrintRun, Version
from entente.content.reads import performance as reads
from entente.content.reads.own_uses import COPIES, HOSTED
from entente.content.reads.performance import Wanted
from entente.content.tests.shell.conftest import ADDRESS, CLAIM, PASSWORD, STATEMENT, WEB_HTML
from entente.content.uses import Column, FirstUse, Source, Window
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry, new_id

pytestmark = pytest.mark.feature("content/content-metadata")


@pytest.fixture(autouse=True)
def clock(noon):
    """The clock at the doors stands at noon of the tests' day."""
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def made(cast, lead, on_web, noon):
    """Give a maker of a version with so many pages on the web."""

    def make(title, n_pages=1, **given):
        version, entity = on_web(title=title, **given)
        with act_as(lead):
            pages = [
                actions.publish_version(
                    Publication(version.id, entity.id, "US", f"{title.lower()}-page-{n}"), at=noon
                )
                for n in range(n_pages)
            ]
            return Version.objects.get(id=version.id), pages

    return make


def joint(cast):
    return {
        "partners": [cast.partner.id],
        "support_statement": STATEMENT,
        "html": f"{WEB_HTML}<p>{STATEMENT}</p>",
        "text": f"{CLAIM}\nPromotional information.\n{ADDRESS}\n{STATEMENT}",
    }


def counted(scope, page, noon, **numbers):
    with act_as(scope):
        HostedCount.objects.bulk_create(
            HostedCount(id=new_id(), org_id=scope.org_id, page=page, on=noon.date(), what=what, n=n)
            for what, n in numbers.items()
        )


def rows_of(scope, at, **wanted):
    with act_as(scope):
        return {row.version.item.title: row for row in reads.versions(Wanted(**wanted), at=at)}


def twin(version, *, days, at):
    """Count by looking at every row there is, one after the other."""
    first = at.date() - timedelta(days=days - 1)
    found = defaultdict(int)
    for row in HostedCount.objects.all():
        page = HostedPage.objects.get(id=row.page_id)
        if page.version_id == version.id and first <= row.on <= at.date() and row.what in HOSTED:
            found[row.what] += row.n
    for run in PrintRun.objects.all():
        if run.version_id == version.id and first <= run.printed_on <= at.date():
            found[COPIES] += run.n_copies
    mean = round(found["seconds"] / found["timed"]) if found["timed"] else None
    return {code: found[code] for code in (*HOSTED, COPIES)}, mean


@pytest.mark.parametrize("seed", range(3))
def test_the_numbers_are_those_of_a_twin_that_looks_at_every_row(made, lead, noon, seed):
    chance = random.Random(seed)
    made("Empty", 0)
    pages = [page for title in ("One", "Two") for page in made(title, chance.randint(1, 2))[1]]
    days = [noon.date() + timedelta(days=n) for n in (-40, -30, -29, -7, -6, -1, 0, 1)]
    with act_as(lead):
        HostedCount.objects.bulk_create(
            HostedCount(
                id=new_id(), org_id=lead.org_id, page=page, on=on, what=what.value,
                n=chance.randint(1, 60),
            )
            for page in pages for on in days for what in HostedCount.What
            if chance.random() < 0.6
        )  # fmt: skip
        PrintRun.objects.bulk_create(
            PrintRun(
                id=new_id(), org_id=lead.org_id, item_id=page.item_id, version_id=page.version_id,
                holder="A", n_copies=chance.randint(1, 500), printed_on=on,
            )
            for page in pages for on in days if chance.random() < 0.4
        )  # fmt: skip
        for n_days in (1, 7, 30, 365):
            for row in reads.versions(Wanted(days=n_days), at=noon):
                counts = {code: row.counts[code] for code in (*HOSTED, COPIES)}
                assert (counts, row.mean_seconds) == twin(row.version, days=n_days, at=noon)


def test_other_rooms_count_what_they_did(monkeypatch, made, lead, noon):
    version, _ = made("One", 0)
    asked = []

    def count(versions, window):
        asked.append((list(versions), window))
        return {version.id: {"calls": 7}}

    source = Source(5, "calls", {"calls": Column("Calls")}, count, lambda *_: {})
    monkeypatch.setattr(uses, "_SOURCES", {**uses._SOURCES, source.code: source})
    assert rows_of(lead, noon, days=7)["One"].counts["calls"] == 7
    assert asked == [([version.id], Window.of(7, noon))]
    assert next(iter(uses.columns())) == "calls"


def test_the_earliest_use_of_any_room_counts(monkeypatch, noon):
    def says(*days):
        return lambda *_: {"v": FirstUse(*days)}

    first, second = noon.date(), noon.date() + timedelta(days=1)
    monkeypatch.setattr(
        uses,
        "_SOURCES",
        {
            "a": Source(1, "a", {}, lambda *_: {}, says(None, first)),
            "b": Source(2, "b", {}, lambda *_: {}, says(second, second)),
        },
    )
    assert uses.first_uses(["v"], "US", noon) == {"v": FirstUse(second, first)}
    assert uses.first_uses(["v"], "US", noon)["v"].on == second, "what was used was used"


def test_a_partner_is_not_told_small_numbers_of_our_readers(cast, made, lead, noon):
    version, (page,) = made("Joint", **joint(cast))
    counted(lead, page, noon, view=25, download=10, registered=1, timed=10, seconds=500)
    with act_as(lead):
        PrintRun.objects.create(
            org_id=lead.org_id, item=version.item, version=version, holder="A", n_copies=3,
            printed_on=noon.date(),
        )  # fmt: skip
    ours = rows_of(lead, noon)["Joint"]
    assert (ours.counts["view"], ours.counts["download"], ours.mean_seconds) == (25, 10, 50)
    partner = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    theirs = rows_of(partner, noon)["Joint"]
    told = {code: theirs.counts[code] for code in ("view", "download", "tool_use", "registered")}
    assert told == {"view": 22, "download": None, "tool_use": 0, "registered": None}
    assert theirs.mean_seconds is None
    assert theirs.counts[COPIES] == 3, "copies are no people"


def test_a_stranger_and_a_draft_have_no_row(cast, made, lead, noon):
    made("Ours")
    made("Draft", 0, release=False)
    assert set(rows_of(lead, noon)) == {"Ours"}
    assert rows_of(cast.scope(Role.PARTNER_MARKETER, cast.stranger), noon) == {}


def test_versions_are_narrowed_and_put_in_order(made, lead, noon):
    _, (few,) = made("Few")
    many, (page,) = made("Many")
    made("None", 0)
    counted(lead, few, noon, view=2)
    counted(lead, page, noon, view=9, timed=1, seconds=30)
    with act_as(lead):
        for sort, titles in (
            ("-view", ["Many", "Few", "None"]),
            ("view", ["None", "Few", "Many"]),
            ("title", ["Few", "Many", "None"]),
            ("nonsense", ["None", "Many", "Few"]),
        ):
            found = reads.versions(Wanted(sort=sort), at=noon)
            assert [row.version.item.title for row in found] == titles
        first = reads.versions(Wanted(sort="mean_seconds"), at=noon)[0]
        assert first.version.item.title == "Many", "those without a time come last"
    for wanted, titles in (
        ({"product": many.item.product_id}, {"Many"}),
        ({"market": "DE"}, set()),
        ({"market": "US", "kind": "promo"}, {"Many", "Few", "None"}),
        ({"kind": "educational"}, set()),
    ):
        assert set(rows_of(lead, noon, **wanted)) == titles


def test_a_recall_is_seen_on_the_version_and_on_its_claim(made, lead, noon):
    version, _ = made("One", 0)
    with act_as(lead):
        claim = version.claim_uses.get().claim
        actions.record_print(
            version.id, holder="A congress", n_copies=1, printed_on=noon.date(), at=noon
        )
        (part,) = reads.claims(Wanted(), at=noon)
        assert (part.id, part.n_versions, part.n_released, part.recall) == (claim.id, 1, 1, "")
        actions.withdraw_claim(claim.id, reason="No longer true", at=noon)
        (part,) = reads.claims(Wanted(), at=noon)
        assert (part.recall, part.is_withdrawn) == ("Open", True)
    assert rows_of(lead, noon)["One"].recall == "Open"


def test_claims_and_modules_are_counted_by_the_versions_that_use_them(
    cast, lead, on_web, words, noon
):
    version, _ = on_web(title="Twice")
    with act_as(lead):
        claim = version.claim_uses.get().claim
        again = actions.draft_item(
            title="Again", kind="promo", product_id=version.item.product_id, at=noon
        )
        actions.save_version(again.id, words(claim_ids=[claim.id]), at=noon)
        (part,) = reads.claims(Wanted(), at=noon)
        assert (part.n_versions, part.product) == (1, version.item.product.name), "drafts count not"
        assert reads.claims(Wanted(market="DE"), at=noon) == []
        assert reads.claims(Wanted(product=new_id()), at=noon) == []
        assert reads.modules(Wanted(), at=noon) == []


def test_as_many_queries_for_many_versions_as_for_one(made, lead, noon):
    def n_queries():
        with act_as(lead), CaptureQueriesContext(connection) as asked:
            reads.versions(Wanted(), at=noon)
            reads.claims(Wanted(), at=noon)
            reads.modules(Wanted(), at=noon)
        return len(asked)

    made("One")
    few = n_queries()
    for n in range(3):
        made(f"More{n}")
    assert n_queries() == few


def test_the_page_shows_sorts_and_exports_with_an_entry(browser, cast, made, lead, noon):
    web = browser(Role.BRAND_LEAD)
    empty = web.get("/content/performance/").text
    assert "No version has left draft yet" in empty
    _, (page,) = made("Lipids")
    counted(lead, page, noon, view=1204, timed=2, seconds=90)
    shown = web.get("/content/performance/?days=7&sort=-view").text
    assert "1,204" in shown
    assert "45 s" in shown
    assert 'aria-sort="descending"' in shown
    assert "Nothing fits" in web.get("/content/performance/?market=DE").text
    assert "/content/performance/" in web.get("/content/").text, "the library leads to it"
    file = web.get("/content/performance/?export=csv&days=7")
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["title"], row["view"], row["mean_seconds"]) == ("Lipids", "1204", "45")
    assert "Lowers LDL" in web.get("/content/performance/?of=claims").text
    assert "None is in use yet" in web.get("/content/performance/?of=modules").text
    claims = web.get("/content/performance/?of=claims&export=csv")
    assert claims.content.decode("utf-8-sig").startswith("id,name,product,versions")
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="content.performance.exported").count() == 2


def test_a_hidden_number_reads_as_such_on_page_and_in_file(browser, cast, made, lead, noon):
    _, (page,) = made("Joint", **joint(cast))
    counted(lead, page, noon, view=3)
    web = browser(Role.PARTNER_MARKETER, cast.partner)
    shown = web.get("/content/performance/").text
    assert "&lt;11" in shown
    assert "told in steps of 11" in shown
    assert "under 11" in web.get("/content/performance/?export=csv").content.decode()


def test_a_program_reads_the_same(program, made, lead, noon):
    version, (page,) = made("Lipids")
    counted(lead, page, noon, view=5)
    who = program(Role.BRAND_LEAD)
    found = who.get("/api/content/performance", {"days": 7, "sort": "-view"}).json()
    assert (found["total"], found["versions"][0]["counts"]["view"]) == (1, 5)
    assert found["versions"][0]["version_id"] == str(version.id)
    assert found["columns"]["view"] == "Views"
    assert who.get("/api/content/performance", {"days": 0}).status_code == 422
    (claim,) = who.get("/api/content/performance/claims").json()
    assert (claim["n_versions"], claim["n_released"]) == (1, 1)
    assert who.get("/api/content/performance/modules").json() == []


def test_a_module_counts_each_item_that_holds_it_in_any_version(cast, lead, words, noon):
    plain = {"channels": ["web", "email"], "support_statement": "", "holds": []}
    with act_as(lead):
        module = actions.draft_item(title="Body", kind="educational", module_kind="body", at=noon)
        saved = actions.save_version(
            module.id, words(html="<p>About it.</p>", text="About it.", **plain), at=noon
        )
        actions.submit_for_review(saved.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.decide(saved.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    with act_as(lead):
        for title in ("First", "Second", "Draft"):
            item = actions.draft_item(title=title, kind="educational", at=noon)
            built = actions.save_version(
                item.id, words(html="", text="", parts=[saved.id], **plain), at=noon
            )
            if title != "Draft":
                Version.objects.filter(id=built.id).update(status="in_review", submitted_at=noon)
        (part,) = reads.modules(Wanted(market="US"), at=noon)
        assert (part.name, part.n_versions, part.n_released, part.recall) == ("Body", 2, 0, "")
        assert reads.modules(Wanted(market="DE"), at=noon) == []
        assert reads.modules(Wanted(product=new_id()), at=noon) == []

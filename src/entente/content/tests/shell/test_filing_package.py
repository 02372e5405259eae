"""Filing with Form 2253: what waits, by when, the package, and that it was filed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.content import actions
from entente.content.actions import Publication
from entente.content.domain.filing import Terms, due_of
from entente.content.models import Filing, Version
from entente.content.reads import filings as reads
from entente.content.tests.shell.conftest import ADDRESS, CLAIM, PASSWORD, WEB_HTML
from entente.content.tests.spl_words import spl
from entente.directory.actions import ApprovedIn, add_legal_entity, add_product
from entente.directory.models import ProductApproval
from entente.directory.reads import main_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, new_id

pytestmark = pytest.mark.feature("policy/code-us")

PDF = b"%PDF-1.7\nA dosing card\n%%EOF"


@pytest.fixture(autouse=True)
def clock(noon):
    """The clock at the doors stands at noon of the tests' day."""
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture
def reviewer(cast):
    return cast.scope(Role.REVIEWER)


@pytest.fixture
def lipidex(cast, noon):
    """A product with an application number, and the company that files it."""
    with act_as(cast.system()):
        add_legal_entity(name="Halden Inc", country="US", postal_address=ADDRESS, at=noon)
        return product(noon)


def product(noon, name="Lipidex", reference="NDA 020702", **more):
    made = add_product(name, "medicine", [ApprovedIn("US", date(2020, 1, 1), "Lipids")], at=noon)
    ProductApproval.objects.filter(product=made).update(authority_ref=reference, **more)
    return made


@pytest.fixture
def piece(cast, noon, words, lipidex):
    """Give a maker of a version that is released unless told otherwise."""

    def make(title, *, of=lipidex, release=True, kind="promo", partners=(), parts=None, **changes):
        with act_as(cast.scope(Role.BRAND_LEAD)):
            claim = actions.add_claim(
                text=CLAIM, market=changes.get("markets", ["US"])[0], in_label=True,
                label_section="14", at=noon, product_id=of.id if of else None,
            )  # fmt: skip
            actions.add_reference(claim.id, title="A trial", source="J", anchor="p. 3", at=noon)
            item = actions.draft_item(
                title=title, kind=kind, product_id=of.id if of else None, at=noon,
                partner_ids=list(partners),
            )  # fmt: skip
            given = {
                "html": WEB_HTML, "text": f"{CLAIM}\nPromotional information.\n{ADDRESS}",
                "channels": ["web"], "support_statement": "", "claim_ids": [claim.id],
                "holds": ["balanced_risks", "prescribing_information", "adverse_event_reporting"],
            }  # fmt: skip
            version = actions.save_version(item.id, words(**{**given, **changes}), at=noon)
            if parts:
                parts(version)
            if release:
                actions.submit_for_review(version.id, at=noon)
        if release:
            with act_as(cast.scope(Role.REVIEWER)):
                actions.decide(
                    version.id, verdict="approve", comment="", password=PASSWORD, at=noon
                )
        return version

    return make


def listed(scope, at):
    with act_as(scope):
        return [(each.name, each.due.on) for each in reads.to_file(at=at)]


def packed(scope, versions, at, **more):
    with act_as(scope):
        return actions.make_filing_package([v.id for v in versions], at=at, **more)


def inside(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def names(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def file_it(scope, version, at, **given):
    with act_as(scope):
        return actions.record_filings(
            [version.id], **{"filed_on": at.date(), "reference": "2253-1", "at": at, **given}
        )


def test_released_promotion_waits_until_its_filing_is_recorded(reviewer, piece, noon):
    version = piece("Lipids")
    piece("Still a draft", release=False)
    piece("For Germany", markets=["DE"])
    piece("Schooling", kind="educational")
    piece("Of nothing", of=None, kind="educational")
    assert listed(reviewer, noon) == [("Lipids, version 1", None)]
    file_it(reviewer, version, noon)
    assert listed(reviewer, noon) == []


def test_a_product_without_an_approval_in_the_country_is_not_filed(cast, reviewer, piece, noon):
    with act_as(cast.system()):
        ended = product(noon, "Oldex", ended_on=noon.date() - timedelta(days=1))
    version = piece("Old news", of=ended)
    assert listed(reviewer, noon) == []
    with pytest.raises(UserError, match=r"Old news, version 1 is about Oldex, which has no appr"):
        packed(reviewer, [version], noon)


def test_the_day_is_that_of_the_first_use_that_is_planned(cast, reviewer, piece, noon):
    version = piece("Lipids")
    later = piece("Never planned")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        sender = main_legal_entity(cast.host.id)
        page = actions.publish_version(
            Publication(version.id, sender.id, "US", "lipids", starts_at=noon + timedelta(days=9)),
            at=noon,
        )
        assert page.outcome == "FORBID", "what is not filed is not published"
    assert listed(reviewer, noon) == [
        ("Lipids, version 1", date(2026, 11, 29)),
        (f"{later.item.title}, version 1", None),
    ]


def test_what_was_used_stays_to_be_filed_after_it_was_withdrawn_and_is_late(
    cast, reviewer, piece, noon
):
    used, unused = piece("Used"), piece("Unused")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.record_print(
            used.id, holder="A congress", n_copies=9, printed_on=noon.date(), at=noon
        )
        for version in (used, unused):
            actions.withdraw_version(version.id, reason="A risk", at=noon)
    tomorrow = noon + timedelta(days=1)
    assert listed(reviewer, tomorrow) == [("Used, version 1", noon.date())]
    with act_as(reviewer):
        assert reads.to_file(at=tomorrow)[0].due.is_late(tomorrow.date())
    assert json.loads(inside(packed(reviewer, [used], tomorrow).data, "form-2253.json"))
    with pytest.raises(UserError, match="Unused, version 1 is withdrawn, not released"):
        packed(reviewer, [unused], tomorrow)


@pytest.mark.parametrize(
    ("first_use", "by"),
    [
        (None, None),
        (date(2026, 4, 30), date(2025, 12, 31)),
        (date(2026, 5, 1), date(2025, 12, 31)),
        (date(2026, 5, 2), date(2026, 4, 2)),
    ],
)
def test_after_an_accelerated_approval_pieces_go_earlier(first_use, by):
    terms = Terms(date(2026, 1, 1), accelerated=True, first_days=120, ahead_days=30)
    assert due_of(first_use, terms).on == by


def test_the_figures_of_an_accelerated_approval_are_those_of_the_pack(cast, reviewer, piece, noon):
    with act_as(cast.system()):
        fast = product(noon, "Fastex", accelerated=True)
    piece("Fast", of=fast)
    with act_as(reviewer):
        (found,) = reads.to_file(at=noon)
    assert found.due.words == "30 days before its first use, accelerated approval"


def test_the_package_holds_each_piece_as_approved_with_what_the_form_asks(
    cast, reviewer, piece, noon
):
    def add(version):
        actions.attach_file(version.id, name="card.pdf", description="Card", data=PDF, at=noon)

    first = piece("=Lipids", parts=add)
    second = piece("More lipids")
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.load_label(spl(), product_id=first.item.product_id, at=noon)
        actions.record_print(
            second.id, holder="A congress", n_copies=9, printed_on=noon.date(), at=noon
        )
    made = packed(reviewer, [second, first], noon)
    assert made.name == "form-2253-lipidex-professional.zip"
    assert names(made.data) == [
        "form-2253.json", "index.csv",
        "pieces/01-lipids-v1/piece.pdf", "pieces/01-lipids-v1/piece.html",
        "pieces/01-lipids-v1/piece.txt", "pieces/01-lipids-v1/attachments/card.pdf",
        "pieces/02-more-lipids-v1/piece.pdf", "pieces/02-more-lipids-v1/piece.html",
        "pieces/02-more-lipids-v1/piece.txt",
    ]  # fmt: skip
    form = json.loads(inside(made.data, "form-2253.json"))
    assert {name: form[name] for name in ("applicant", "product", "application_number")} == {
        "applicant": "Halden Inc", "product": "Lipidex", "application_number": "NDA 020702",
    }  # fmt: skip
    assert (form["audience"], form["accelerated"]) == ("professional", False)
    assert form["label"]["version"] == "1"
    assert form["label"]["set_id"]
    assert "not the format" in form["note"]
    rows = list(csv.DictReader(io.StringIO(inside(made.data, "index.csv").decode("utf-8-sig"))))
    assert [row["piece_id"] for row in rows] == [str(first.id), str(second.id)]
    assert rows[0]["title"] == "'=Lipids", "no cell begins a formula"
    assert [row["first_dissemination"] for row in rows] == ["", "2026-11-20"]
    assert [row["first_dissemination_is"] for row in rows] == ["", "used"]
    with act_as(reviewer):
        kept = Version.objects.get(id=first.id)
    assert rows[0]["content_hash"] == kept.content_hash
    assert kept.html in inside(made.data, "pieces/01-lipids-v1/piece.html").decode()
    assert inside(made.data, "pieces/01-lipids-v1/piece.txt").decode() == kept.text
    assert inside(made.data, "pieces/01-lipids-v1/attachments/card.pdf") == PDF
    assert inside(made.data, "pieces/01-lipids-v1/piece.pdf").startswith(b"%PDF-")


def test_the_same_pieces_give_the_same_bytes(reviewer, piece, noon, monkeypatch):
    versions = [piece("Lipids"), piece("More lipids")]
    first = packed(reviewer, versions, noon)
    time.sleep(1.1)  # a PDF writes the second of its making, unless it is told one
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    again = packed(reviewer, versions[::-1] + versions, noon + timedelta(days=3, seconds=7))
    assert first.data == again.data
    assert first.data != packed(reviewer, versions[:1], noon).data


def test_a_package_leaves_one_entry_with_its_hash_and_files_nothing(reviewer, piece, noon):
    version = piece("Lipids")
    made = packed(reviewer, [version], noon)
    with act_as(reviewer):
        entry = LedgerEntry.objects.get(verb="content.filing.packaged")
        assert str(version.id) in entry.body
        assert hashlib.sha256(made.data).hexdigest() in entry.body
        assert not Filing.objects.exists()
    assert listed(reviewer, noon) == [("Lipids, version 1", None)]


def test_pieces_for_professionals_and_for_consumers_are_filed_apart(reviewer, piece, noon):
    hcp = piece("For doctors")
    both = piece("For all", audiences=["hcp", "public"])
    people = piece("For people", audiences=["public"])
    with pytest.raises(UserError, match="For people, version 1 is for consumers, For doctors, v"):
        packed(reviewer, [hcp, people], noon)
    with pytest.raises(UserError, match="For all, version 1 is for both audiences: say for which"):
        packed(reviewer, [both], noon)
    with pytest.raises(UserError, match="For doctors, version 1 is not for consumers"):
        packed(reviewer, [both, hcp], noon, audience="consumer")
    with pytest.raises(UserError, match="no audience in common"):
        packed(reviewer, [both, hcp, people], noon)
    assert packed(reviewer, [both, hcp], noon).audience == "professional"
    assert packed(reviewer, [both, people], noon).audience == "consumer"
    with act_as(reviewer):
        groups = reads.groups(reads.to_file(at=noon))
    assert [(g.audience, len(g.pieces)) for g in groups] == [("professional", 2), ("consumer", 2)]


def test_what_cannot_be_filed_is_refused_by_name(cast, reviewer, piece, noon):
    with act_as(cast.system()):
        other = product(noon, "Otherex")
        unnumbered = product(noon, "Numberless", reference="")
    good = piece("Lipids")
    for version, said in (
        (piece("Draft", release=False), "Draft, version 1 is draft, not released"),
        (piece("For Germany", markets=["DE"]), "For Germany, version 1 is not released for the"),
        (piece("Schooling", kind="educational"), "Schooling, version 1 is no promotion"),
        (piece("Second", of=other), "Second, version 1 is about Otherex, Lipids, version 1 about"),
        (piece("Third", of=unnumbered), "approval in US names no application: add it"),
        (piece("Of nothing", of=None, kind="educational"), "Of nothing, version 1 is about no"),
    ):
        with pytest.raises(UserError, match=said):
            packed(reviewer, [good, version], noon)
    with pytest.raises(UserError, match="choose at least one piece"):
        packed(reviewer, [], noon)
    with act_as(reviewer), pytest.raises(UserError, match="at most 50 pieces"):
        actions.make_filing_package([new_id() for _ in range(51)], at=noon)
    with act_as(reviewer), pytest.raises(UserError, match="an authority of the list"):
        actions.make_filing_package([good.id], authority="ema", at=noon)


def test_an_expired_piece_that_was_never_used_is_neither_listed_nor_packed(reviewer, piece, noon):
    version = piece("Lipids")
    later = noon + timedelta(days=400)
    assert listed(reviewer, later) == []
    with pytest.raises(UserError, match="Lipids, version 1 expired after 2027-11-20"):
        packed(reviewer, [version], later)


def test_nobody_packs_or_files_what_is_not_his(cast, reviewer, piece, noon):
    version = piece("Lipids")
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(OutOfScope):
        actions.make_filing_package([version.id], at=noon)
    partner = cast.scope(Role.PARTNER_MARKETER, cast.partner)
    for act in (
        lambda: actions.make_filing_package([version.id], at=noon),
        lambda: actions.record_filings([version.id], filed_on=noon.date(), reference="1", at=noon),
    ):
        with act_as(partner), pytest.raises(Version.DoesNotExist):
            act()
    assert listed(partner, noon) == []


def test_several_are_recorded_under_one_reference_or_none_is(reviewer, piece, noon):
    first, second, third = piece("A"), piece("B"), piece("C")
    file_it(reviewer, second, noon)
    with act_as(reviewer):
        given = {"filed_on": noon.date(), "reference": " 2253-2 ", "at": noon}
        with pytest.raises(UserError, match="B, version 1 is filed there already"):
            actions.record_filings([first.id, second.id], **given)
        assert Filing.objects.count() == 1
        actions.record_filings([first.id, third.id, first.id], **given)
        made = Filing.objects.filter(reference="2253-2")
        assert {each.version_id for each in made} == {first.id, third.id}
        assert LedgerEntry.objects.filter(verb="content.version.filed").count() == 3
        with pytest.raises(UserError, match="give the reference"):
            actions.record_filings([first.id], **given | {"reference": " "})


def test_the_list_asks_the_database_the_same_however_many_wait(reviewer, piece, noon):
    def n_queries():
        with act_as(reviewer), CaptureQueriesContext(connection) as asked:
            reads.groups(reads.to_file(at=noon))
        return len(asked)

    piece("One")
    few = n_queries()
    for n in range(4):
        piece(f"More {n}")
    assert n_queries() == few


def test_a_person_chooses_downloads_and_records_on_one_page(browser, piece, cast):
    web = browser(Role.REVIEWER)
    assert "Nothing waits to be filed" in web.get("/content/filings/").text
    first, second = piece("Lipids"), piece("More lipids")
    shown = web.get("/content/filings/").text
    assert "Lipidex: Health professionals" in shown
    assert "NDA 020702" in shown
    chosen = {"version": [first.id, second.id], "audience": "professional"}
    file = web.post("/content/filings/package/", chosen)
    assert file["Content-Type"] == "application/zip"
    assert 'filename="form-2253-lipidex-professional.zip"' in file["Content-Disposition"]
    assert len(names(file.content)) == 8
    empty = web.post("/content/filings/package/", {}, follow=True)
    assert "No package was made: choose at least one piece." in empty.text
    assert web.post("/content/filings/package/", {"version": "x"}).status_code == 404
    said = web.post("/content/filings/record/", chosen, follow=True).text
    assert "Nothing was recorded: day and reference are needed" in said
    day = {"filed_on": "2026-11-20", "reference": "2253-77"}
    assert (
        "2 pieces are recorded as filed"
        in web.post("/content/filings/record/", chosen | day, follow=True).text
    )
    shown = web.get("/content/filings/").text
    assert "Nothing waits to be filed" in shown
    assert shown.count("2253-77") == 2
    lead = browser(Role.BRAND_LEAD)
    assert lead.get("/content/filings/").status_code == 200
    assert lead.post("/content/filings/package/", chosen).status_code == 403


def test_a_program_lists_packs_and_records(program, piece):
    first, second = piece("Lipids"), piece("More lipids")
    who = program(Role.REVIEWER)
    (one, _) = who.get("/api/content/filings/to-file").json()
    assert (one["title"], one["application_number"], one["file_by"]) == (
        "Lipids", "NDA 020702", None,
    )  # fmt: skip
    at = "/api/content/filings"
    pack = who.get(f"{at}/package", {"version_ids": [str(first.id), str(second.id)]})
    assert (pack.status_code, pack["Content-Type"]) == (200, "application/zip")
    assert who.get(f"{at}/package").status_code == 422
    assert who.get(f"{at}/package", {"version_ids": str(new_id())}).status_code == 404
    given = {
        "version_ids": [str(first.id), str(second.id)], "filed_on": "2026-11-20",
        "reference": "2253-9",
    }  # fmt: skip
    made = who.post(at, json.dumps(given), content_type="application/json")
    assert (made.status_code, len(made.json())) == (201, 2)
    found = who.get(at).json()["items"]
    assert {each["version_id"] for each in found} == {str(first.id), str(second.id)}
    assert who.get(f"{at}/to-file").json() == []
    lead = program(Role.BRAND_LEAD)
    assert lead.get(f"{at}/package", {"version_ids": str(first.id)}).status_code == 403

"""Labels in the library: loaded once, compared, and what a newer one does to claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entente.content import actions, reads
from entente.content.models import Claim, ClaimRecheck, Label, LabelSection, LabelVersion
from entente.content.reads import labels
from entente.content.tests.spl_words import BOXED, LDL, REST, indications, spl
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, OutboxMessage

pytestmark = pytest.mark.feature("content/content-metadata")
HARSHER = LDL.replace("in adults", "in adults over 30")


def second(**given):
    return spl(2, sections=(BOXED, indications(**given), *REST))


@pytest.fixture
def load(cast, item, noon):
    def do(source=None, at=noon, **more):
        with act_as(cast.scope(Role.BRAND_LEAD)):
            return actions.load_label(
                spl() if source is None else source, product_id=item.product_id, at=at, **more
            )

    return do


@pytest.fixture
def grounded(cast, item, noon, load):
    version = load().version
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        section = version.sections.get(key="34067-9/42229-5:hyperlipidemia")
        actions.ground_claim(claim.id, section.id, quote="lower LDL cholesterol", at=noon)
    return claim


def test_the_same_file_again_changes_nothing(cast, load):
    first = load()
    assert (first.is_new, first.is_current) == (True, True)
    again = load()
    assert (again.is_new, again.version) == (False, first.version)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert LabelVersion.objects.count() == 1
        assert LedgerEntry.objects.filter(verb="content.label.loaded").count() == 1


def test_the_same_number_with_other_words_is_refused(load):
    load()
    with pytest.raises(UserError, match="version 1 of this label was loaded on"):
        load(spl(sections=(BOXED, indications(first=HARSHER), *REST)))


def test_an_older_version_may_come_later_and_does_not_become_current(cast, load, noon):
    load(spl(7, "20260601"))
    older = load(spl(5, "20250101"))
    assert (older.is_new, older.is_current) == (True, False)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        found = labels.versions_of_label(older.version.label_id)
        assert labels.in_force(found, on=noon.date()).number == 7
        assert labels.in_force(found, on=date(2025, 3, 1)).number == 5
        assert labels.in_force(found, on=date(2024, 1, 1)) is None


def test_a_label_of_another_name_is_refused_unless_one_says_so(load):
    other = spl().replace(b"<name>Lipidex</name>", b"<name>Otherbrand</name>")
    with pytest.raises(UserError, match="same substance under another name"):
        load(other)
    assert load(other, other_name=True).is_new


def test_who_may_not_write_content_loads_no_label(cast, item, noon):
    with act_as(cast.scope(Role.REVIEWER)), pytest.raises(OutOfScope):
        actions.load_label(spl(), product_id=item.product_id, at=noon)


def test_loaded_words_are_never_changed_in_the_database(cast, load):
    load()
    for sql in (
        "UPDATE content_labelsection SET text = 'x'",
        "DELETE FROM content_labelversion",
    ):
        with (
            act_as(cast.scope(Role.BRAND_LEAD)),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_a_partner_reads_a_label_but_does_not_change_it(cast, load):
    load()
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        label = Label.objects.get()
        assert Label.objects.filter(id=label.id).update(title="Mine") == 0
        assert LabelSection.objects.count() > 5


def test_versions_are_compared_section_by_section_and_word_by_word(cast, load):
    first = load().version
    after = load(second(first=HARSHER, second="")).version
    with act_as(cast.scope(Role.BRAND_LEAD)):
        changes = {c.key: c for c in labels.compare_versions(first, after)}
    changed = changes["34067-9/42229-5:hyperlipidemia"]
    assert changed.change == "changed"
    assert [(p.kind, p.words) for p in changed.pieces if p.kind != "same"] == [("added", "over 30")]
    assert changes["34067-9/42229-5:stroke"].change == "removed"
    assert changes["34066-1"].change == "same"


def test_it_is_kept_who_put_a_claim_on_its_section(cast, grounded, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        said = labels.standing_of(grounded.id, on=noon.date()).ground
    assert said.by_name == cast.user(Role.BRAND_LEAD).name


def test_a_newer_version_flags_the_claims_whose_section_it_changes(cast, grounded, load, noon):
    done = load(second(first=HARSHER))
    assert done.n_flagged == 1
    with act_as(cast.scope(Role.BRAND_LEAD)):
        standing = labels.standing_of(grounded.id, on=noon.date())
        assert (standing.state, standing.quote_stands) == ("changed", True)
        assert ClaimRecheck.objects.get().reason == "changed"
        assert LedgerEntry.objects.filter(verb="content.label.superseded").count() == 1
        assert OutboxMessage.objects.filter(topic="content.label.superseded").count() == 1
        assert actions.flag_touched_claims(at=noon + timedelta(hours=1)) == 0


def test_a_newer_version_without_the_section_says_that_it_is_gone(cast, grounded, load, noon):
    gone = indications().replace("1.1 Hyperlipidemia", "1.1 Something else")
    load(spl(2, sections=(BOXED, gone, *REST)))
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert labels.standing_of(grounded.id, on=noon.date()).state == "gone"


def test_a_newer_version_that_leaves_the_section_alone_flags_nothing(cast, grounded, load, noon):
    assert load(second(second="")).n_flagged == 0
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert labels.standing_of(grounded.id, on=noon.date()).state == "holds"


def test_a_version_that_takes_effect_later_flags_on_its_day(cast, grounded, load, noon):
    day = (noon + timedelta(days=10)).strftime("%Y%m%d")
    later = spl(2, day, sections=(BOXED, indications(first=HARSHER), *REST))
    assert load(later).n_flagged == 0
    with act_as(cast.scope(Role.BRAND_LEAD)):
        assert actions.flag_touched_claims(at=noon + timedelta(days=9)) == 0
        assert actions.flag_touched_claims(at=noon + timedelta(days=10)) == 1


def test_only_a_reviewer_confirms_a_claim_that_was_flagged(cast, grounded, load, noon):
    version = load(second(first=HARSHER)).version
    with act_as(cast.scope(Role.BRAND_LEAD)):
        section = version.sections.get(key="34067-9/42229-5:hyperlipidemia")
        with pytest.raises(OutOfScope):
            actions.ground_claim(grounded.id, section.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        actions.ground_claim(grounded.id, section.id, at=noon + timedelta(minutes=1))
        assert labels.standing_of(grounded.id, on=noon.date()).state == "holds"
        assert labels.claims_to_recheck(on=noon.date(), org_id=grounded.org_id) == []


def test_a_claim_stands_only_on_the_version_in_force_and_on_words_that_are_there(
    cast, grounded, load, noon
):
    load(second(first=HARSHER))
    with act_as(cast.scope(Role.REVIEWER)):
        old, new = (
            LabelSection.objects.get(version__number=n, key="34067-9/42229-5:hyperlipidemia")
            for n in (1, 2)
        )
        with pytest.raises(UserError, match="in force today"):
            actions.ground_claim(grounded.id, old.id, at=noon)
        with pytest.raises(UserError, match="does not hold these words"):
            actions.ground_claim(grounded.id, new.id, quote="cures everything", at=noon)


def test_another_organisation_cannot_ground_the_claim(cast, grounded, load, noon):
    scope = replace(cast.scope(Role.PARTNER_MARKETER, cast.partner))
    with act_as(scope), pytest.raises(Claim.DoesNotExist):
        actions.ground_claim(grounded.id, LabelSection.objects.first().id, at=noon)


def test_a_label_that_a_stranger_loaded_does_not_judge_our_product(cast, load, item, noon):
    load()
    with act_as(cast.scope(Role.BRAND_LEAD)):
        own = labels.label_version_for(
            item.product_id, org_ids=[item.org_id], markets=["US"], on=noon.date()
        )
        other = labels.label_version_for(
            item.product_id, org_ids=[cast.partner.id], markets=["US"], on=noon.date()
        )
        assert (own.number, other) == (1, None)
        assert reads.claim_rows().count() == 1

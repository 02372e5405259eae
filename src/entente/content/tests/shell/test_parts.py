"""Files and interactive items of a version: part of the draft, fixed with it, carried on."""

from __future__ import annotations

import copy

import pytest
from django.db import IntegrityError, connection, transaction

from entente.content import actions, reads
from entente.content.actions.review import NotReady
from entente.content.models import Attachment, Tool, Version
from entente.content.reads import parts
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

from .test_hosted_visits import DOSE, PDF

pytestmark = pytest.mark.feature("content/interactive-tools")


@pytest.fixture
def lead(cast):
    return cast.scope(Role.BRAND_LEAD)


@pytest.fixture
def draft(on_web):
    version, _ = on_web(release=False)
    return version


def attach(version, noon, **given):
    return actions.attach_file(
        version.id, **{"name": "a.pdf", "description": "A card", "data": PDF, "at": noon, **given}
    )


def test_a_file_is_what_its_bytes_are_and_is_hashed(lead, draft, noon):
    with act_as(lead):
        made = attach(draft, noon, name="../card.html")
        assert (made.name, made.media_type) == ("card.pdf", "application/pdf")
        assert parts.attachment_hashes(draft) == [
            ["card.pdf", "A card", "application/pdf", made.sha256]
        ]
        with pytest.raises(UserError, match="already"):
            attach(draft, noon, name="card.pdf")
        with pytest.raises(UserError, match="none by its bytes"):
            attach(draft, noon, data=b"<html>")
        actions.remove_file(made.id, at=noon)
        assert parts.attachments_of(draft.id) == []


def test_the_database_keeps_bytes_and_hash_together(lead, draft, noon):
    with act_as(lead):
        made = attach(draft, noon)
        row = {
            f.attname: getattr(made, f.attname)
            for f in Attachment._meta.fields
            if f.name != "recorded_at"
        }
        with pytest.raises(IntegrityError, match="content_attachment_hash"), transaction.atomic():
            Attachment.objects.create(**row | {"id": new_id(), "name": "b.pdf", "data": b"other"})


def test_an_item_whose_cases_fail_is_not_submitted(lead, draft, noon):
    wrong = copy.deepcopy(DOSE)
    wrong["cases"][0]["expect"]["dose"] = "999.0"
    with act_as(lead):
        kept = actions.save_tool(draft.id, wrong, at=noon)
        assert parts.problems_of(kept) == ["case 1: dose is 105.0, not 999.0"]
        with pytest.raises(NotReady, match="dose is 105"):
            actions.submit_for_review(draft.id, at=noon)
        actions.save_tool(draft.id, DOSE, at=noon, instead_of=kept.id)
        actions.submit_for_review(draft.id, at=noon)


def test_an_item_rests_on_claims_of_its_own_version(lead, draft, noon):
    with act_as(lead):
        body = {**DOSE, "rests_on": {"words": "Label", "claims": [str(new_id())]}}
        kept = actions.save_tool(draft.id, body, at=noon)
        assert parts.problems_of(kept) == ["it rests on a claim that this version does not use"]
        own = draft.claim_uses.get().claim_id
        body["rests_on"]["claims"] = [str(own)]
        again = actions.save_tool(draft.id, body, at=noon, instead_of=kept.id)
        assert parts.problems_of(again) == []


def test_a_definition_that_is_not_admitted_names_the_place(lead, draft, noon):
    with act_as(lead), pytest.raises(UserError, match="result 1: there is no input height"):
        results = [{**DOSE["results"][0], "formula": "height"}]
        actions.save_tool(draft.id, {**DOSE, "results": results}, at=noon)


def test_what_was_submitted_keeps_its_files_and_items(lead, draft, noon):
    with act_as(lead):
        file, tool = attach(draft, noon), actions.save_tool(draft.id, DOSE, at=noon)
        actions.submit_for_review(draft.id, at=noon)
        for change in (
            lambda: attach(draft, noon, name="b"),
            lambda: actions.remove_file(file.id, at=noon),
            lambda: actions.save_tool(draft.id, {**DOSE, "title": "Other"}, at=noon),
            lambda: actions.remove_tool(tool.id, at=noon),
        ):
            with pytest.raises(UserError, match="stays as it is"):
                change()
        for table in ("content_attachment", "content_tool"):
            with (
                pytest.raises(IntegrityError, match="never changed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"DELETE FROM {table}")


def test_the_next_version_begins_with_the_same_parts(lead, draft, words, noon):
    with act_as(lead):
        attach(draft, noon)
        actions.save_tool(draft.id, DOSE, at=noon)
        actions.submit_for_review(draft.id, at=noon)
        again = actions.save_version(draft.item_id, words(channels=["web"]), at=noon)
        assert again.number == 2
        assert parts.attachment_hashes(again) == parts.attachment_hashes(draft)
        assert parts.tool_hashes(again) == parts.tool_hashes(draft)
        actions.save_version(draft.item_id, words(channels=["web"]), at=noon)
        assert len(parts.tools_of(again.id)) == 1


def test_whoever_adds_a_part_is_an_author(cast, lead, draft, noon):
    with act_as(cast.system()):
        version = Version.objects.get(id=draft.id)
        version.author_keys = []
        version.save(update_fields=["author_keys"])
    with act_as(lead):
        actions.save_tool(draft.id, DOSE, at=noon)
        assert Version.objects.get(id=draft.id).author_keys == [lead.person_key]


def test_a_strangers_draft_has_no_parts(cast, draft, lead, noon):
    with act_as(lead):
        attach(draft, noon)
        actions.save_tool(draft.id, DOSE, at=noon)
    with act_as(cast.system(cast.partner)):
        assert not Attachment.objects.exists()
        assert not Tool.objects.exists()
        with pytest.raises(Version.DoesNotExist):
            attach(draft, noon)


def test_checks_name_no_interactive_items_where_there_are_none(lead, draft, noon):
    with act_as(lead):
        codes = [each.code for each in reads.checks_of(draft, today=noon.date())]
    assert "tools" not in codes


@pytest.mark.promise("P10")
def test_a_file_that_is_swapped_after_the_approval_voids_every_signature(
    cast, on_web, noon, monkeypatch
):
    version, _ = on_web(parts=lambda draft: attach(draft, noon))
    with act_as(cast.scope(Role.BRAND_LEAD)):
        found = reads.version(version.id)
        assert reads.why_not_released(found) == ""
        # The database keeps bytes and hash together and changes neither; this is what a swap
        # behind its back would look like.
        swapped = [["a.pdf", "A card", "application/pdf", "0" * 64]]
        monkeypatch.setattr(reads.material, "attachment_hashes", lambda version: swapped)
        assert len(reads.void_signatures(found)) == 1
        assert "void" in reads.why_not_released(found)

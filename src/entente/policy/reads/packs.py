"""Packs as people see them: what is in force, what comes, what is drafted."""

# ruff: noqa: E501 - the example is laid out as people write packs

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from entente.policy.actions.packs_in_force import in_force, shipped
from entente.policy.domain.packs import Pack
from entente.policy.models import PackActivation, PackDraft


@dataclass(frozen=True)
class Standing:
    """A pack in force, who brought it there, and what comes after it.

    Parameters
    ----------
    activation : PackActivation or None
        None for a pack as it came with the program.
    coming : PackActivation or None
        The next one that is signed for a later day.
    """

    pack: Pack
    activation: PackActivation | None
    coming: PackActivation | None


def standing(today: date) -> list[Standing]:
    """Give each pack in force today, by id."""
    rows = list(PackActivation.objects.order_by("from_on", "activated_at", "id"))
    now = {row.pack: row for row in rows if row.from_on <= today}
    later: dict[str, PackActivation] = {}
    for row in rows:
        if row.from_on > today:
            later.setdefault(row.pack, row)
    return [
        Standing(pack, now.get(pack.id), later.get(pack.id))
        for pack in in_force(today).compiled.packs
    ]


def drafts() -> QuerySet[PackDraft]:
    """Give the drafts that one may see, the latest first."""
    return PackDraft.objects.order_by("-saved_at", "-id")


def draft(draft_id: UUID) -> PackDraft:
    """Give one draft.

    Raises
    ------
    PackDraft.DoesNotExist
    """
    return PackDraft.objects.select_related("activation").get(id=draft_id)


def text_in_force(pack_id: str, on: date) -> str | None:
    """Give the text of a pack in force on a day; None if there is no such pack."""
    packs = in_force(on)
    files = {pack.source_file: pack.id for pack in packs.compiled.packs}
    return next((text for file, text in packs.texts.values() if files.get(file) == pack_id), None)


def pack_in_force(pack_id: str, on: date) -> Pack | None:
    """Give a pack in force on a day; None if there is no such pack."""
    return next((pack for pack in in_force(on).compiled.packs if pack.id == pack_id), None)


def is_shipped(pack_id: str) -> bool:
    """Tell whether a pack comes with the program."""
    return pack_id in shipped()


EXAMPLE = """\
[pack]
id = "company/house-rules"
version = "1.0.0"
title = "House rules"
jurisdiction = "any"
notice = "Our own policy, in our own words; it is no legal advice and needs a named reviewer."
reviewed_by = ""

[[pack.changelog]]
version = "1.0.0"
on = {today}
change = "First edition."

[parameters.most_meals]
type = "integer"
unit = "meals"
meaning = "Most meals for one person in a calendar year"
{today} = {{ value = 6, source = "Company policy" }}

[[rules]]
id = "HOUSE-MEAL-1"
title = "A person gets a limited number of meals a year"
citation = "Company policy"
from = {today}
severity = "block"
basis = "company"
certainty = "company policy"
applies = "action.type = 'meal'"
requires = "tally.meals_year < :most_meals"
message.en = "{{tally.meals_year}} meals this year; the company allows {{:most_meals}}."
scenarios = [
  {{ name = "the sixth meal", on = {today}, expect = "pass" }},
  {{ name = "the seventh meal", on = {today}, with = {{ "tally.meals_year" = 6 }}, expect = "refused" }},
  {{ name = "not a meal", on = {today}, with = {{ "action.type" = "call", "tally.meals_year" = 6 }}, expect = "pass" }},
  {{ name = "not known", on = {today}, without = ["tally.meals_year"], expect = "undecided" }},
]
[rules.base]
"action.type" = "meal"
"tally.meals_year" = 5
"""


def example(today: date) -> str:
    """Give a small pack to begin with, dated today; it passes its own cases."""
    return EXAMPLE.format(today=today.isoformat())

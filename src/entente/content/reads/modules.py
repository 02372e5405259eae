"""Modules: the library, of which ones a version is made, and what their rules say of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from entente.content.domain.modules import Broken, Part, Rules, broken_rules
from entente.content.models import Item, Version, VersionPart
from entente.foundation.access.scope import current_scope


def part_from(module: Version) -> Part:
    """Give a version of a module as the rules see it."""
    return Part(
        module=module.item_id,
        version=module.id,
        name=module.item.title,
        kind=module.item.module_kind,
        html=module.html,
        text=module.text,
        rules=Rules.from_data(module.rules),
    )


def part_ids(version: Version) -> list[UUID]:
    """Give the versions of modules that a version holds, in order, also those one may not read."""
    rows = VersionPart.objects.filter(version=version).order_by("position")
    return list(rows.values_list("module_version_id", flat=True))


def parts_of(version: Version) -> list[Part]:
    """Give the modules of a version in their order."""
    found = VersionPart.objects.filter(version=version).select_related("module_version__item")
    return [part_from(each.module_version) for each in found.order_by("position")]


def parts_named(module_versions: Sequence[UUID]) -> list[Part]:
    """Give versions of modules in the order in which they are named.

    Raises
    ------
    KeyError
        If one of them is no version of a module that one sees.
    """
    known = {
        each.id: each
        for each in Version.objects.filter(
            id__in=list(module_versions), item__form=Item.Form.MODULE
        ).select_related("item")
    }
    return [part_from(known[each]) for each in module_versions]


def rules_broken(parts: Sequence[Part]) -> list[Broken]:
    """Give the rules that an arrangement breaks, with names also for modules that lack."""
    wanted = {each for part in parts for each in (*part.rules.needs, *part.rules.needs_next)}
    names = dict(Item.objects.filter(id__in=wanted).values_list("id", "title"))
    return broken_rules(parts, names)


def released_modules(*, on: date, limit: int = 200) -> list[Version]:
    """Give one's own modules that an item may be built from on a day, by kind and name."""
    return list(
        Version.objects.filter(
            org_id=current_scope().org_id,
            item__form=Item.Form.MODULE,
            status="approved",
            expires_on__gte=on,
        )
        .select_related("item")
        .order_by("item__module_kind", "item__title")[:limit]
    )


def used_in(module_item: UUID) -> list[Version]:
    """Give the versions of items that hold a module in any of its versions, the latest first."""
    return list(
        Version.objects.filter(parts__module_version__item_id=module_item)
        .select_related("item")
        .distinct()
        .order_by("-id")[:500]
    )


def module_items() -> list[Item]:
    """Give one's own modules by name, released or not."""
    own = Item.objects.filter(org_id=current_scope().org_id, form=Item.Form.MODULE)
    return list(own.order_by("title", "id")[:300])

"""Say how far a source is believed, what its licence allows, and how bad it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from entente.directory.domain.sources import ALLOWS, FULL_BP, KNOWN, PROVEN, Source
from entente.directory.models import SourceTerms
from entente.directory.reads.sources import source_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

WRITE = "source.write"
MOST_TRUST = 100


@dataclass(frozen=True)
class Terms:
    """What a company says of a source; see ``domain.sources.Source`` for the fields."""

    trust: int
    licence: str
    allows: str
    bar_bp: int
    field_trust: Mapping[str, int] = field(default_factory=dict)
    field_allows: Mapping[str, str] = field(default_factory=dict)


def describe_source(key: str, terms: Terms, *, at: datetime) -> Source:
    """Say how far a source is believed, what its licence allows, and where its bar lies.

    Writes the terms and one ledger entry; saying the same again writes nothing. From now on
    they decide which value of a field holds and what a partner sees.

    Raises
    ------
    UserError
        If there is no such source, or a value is out of its bounds.
    """
    scope = current_scope()
    scope.require(WRITE)
    _check(key, terms)
    lock(f"directory.source:{scope.org_id}:{key}")
    before = source_of(key)
    told: dict[str, Any] = {
        "trust": terms.trust, "licence": terms.licence.strip(), "allows": terms.allows,
        "bar_bp": terms.bar_bp, "field_trust": dict(terms.field_trust),
        "field_allows": dict(terms.field_allows),
    }  # fmt: skip
    changed = sorted(name for name, value in told.items() if getattr(before, name) != value)
    if not changed:
        return before
    values = {**told, "name": before.name, "changed_at": at, "changed_by": scope.actor_id}
    SourceTerms.objects.update_or_create(
        org_id=scope.org_id, key=key, defaults=values,
        create_defaults={**values, "id": new_id(), "org_id": scope.org_id, "key": key},
    )  # fmt: skip
    details = {
        "source": key, "changed": changed, "trust": terms.trust, "allows": terms.allows,
        "bar_bp": terms.bar_bp, "field_trust": dict(terms.field_trust),
        "field_allows": dict(terms.field_allows),
    }  # fmt: skip
    ledger.append(
        ledger.Entry("directory.source.described", "directory.source", None, details), at=at
    )
    return source_of(key)


def _check(key: str, terms: Terms) -> None:
    if key not in KNOWN:
        raise UserError(f"There is no source {key!r}; choose one of {', '.join(KNOWN)}.")
    if not terms.licence.strip():
        raise UserError("Name the licence under which you hold these data.", field="licence")
    if not 0 <= terms.bar_bp <= FULL_BP:
        raise UserError("The bar lies between 0 and 100 per cent.", field="bar")
    for name, trust in (("trust", terms.trust), *terms.field_trust.items()):
        if not 0 <= trust <= MOST_TRUST:
            raise UserError("Trust lies between 0 and 100.", field=name)
    for name, allows in (("allows", terms.allows), *terms.field_allows.items()):
        if allows not in ALLOWS:
            raise UserError(f"Choose one of {', '.join(ALLOWS)}.", field=name)
    unknown = sorted({*terms.field_trust, *terms.field_allows} - set(PROVEN))
    if unknown:
        raise UserError(
            f"No field is called {unknown[0]}; choose among {', '.join(PROVEN)}.", field="fields"
        )

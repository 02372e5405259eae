"""Business contacts of the present organisation: one, lists, by search, by employer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from entente.directory.domain.search_keys import search_key
from entente.directory.models import Contact, ContactAddress

ORDER = ("name_key", "id")


def contact(contact_id: UUID) -> Contact:
    """Give one contact with the employer.

    Raises
    ------
    Contact.DoesNotExist
    """
    return _with_employer(Contact.objects.all()).get(id=contact_id)


def _with_employer(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    return rows.select_related("employer_hco", "employer_organisation")


def narrowed_contacts(asked: Mapping[str, str]) -> QuerySet[Contact]:
    """Give contacts by ``q`` (words), ``kind``, ``authority`` and ``ended`` (yes for former)."""
    rows = _with_employer(Contact.objects.all())
    rows = rows.filter(ended_on__isnull=asked.get("ended") != "yes")
    for name in ("kind", "authority"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    for word in search_key(asked.get("q", "")).split()[:5]:
        rows = rows.filter(search_text__contains=f" {word}")
    return rows


def search_contacts(text: str, limit: int = 20) -> list[Contact]:
    """Find contacts by any words of name, employer or role."""
    if not search_key(text):
        return []
    return list(narrowed_contacts({"q": text}).order_by(*ORDER)[:limit])


def contacts_at(
    *, hco_ids: Sequence[UUID] | None = None, organisation_id: UUID | None = None
) -> list[Contact]:
    """Give the present organisation's contacts at an organisation's records or at a partner."""
    rows = _with_employer(Contact.objects.filter(ended_on__isnull=True))
    if hco_ids is not None:
        rows = rows.filter(employer_hco_id__in=hco_ids)
    if organisation_id is not None:
        rows = rows.filter(employer_organisation_id=organisation_id)
    return list(rows.order_by(*ORDER)[:100])


def addresses_of(contact_id: UUID) -> Sequence[ContactAddress]:
    """Give all addresses of a contact, the newest first."""
    rows = ContactAddress.objects.filter(contact_id=contact_id)
    return list(rows.order_by("-from_on", "-id"))


def names_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Name contacts, with one query."""
    return {each.id: each.display_name for each in Contact.objects.filter(id__in=list(ids))}

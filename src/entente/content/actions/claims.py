"""Claims and the references that support them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from entente.content.domain.studies import HAS_RESULTS, STUDY_WORDS, StudyState
from entente.content.models import Claim, Reference, Study
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country, is_language
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

POLICY_DAYS = 730
"""Days after which every claim is looked at again, unless its support ends earlier."""


def add_claim(
    *,
    text: str,
    market: str,
    at: datetime,
    product_id: UUID | None = None,
    in_label: bool = False,
    label_section: str = "",
    expires_on: date | None = None,
    kind: str = Claim.Kind.EFFICACY,
    language: str = "en",
    indication: str = "",
    line_of_therapy: str = "",
    label_version: str = "",
) -> Claim:
    """Add a claim to the library of the present organisation.

    It holds until the earliest of the day given, the last day of what supports it, and the day
    by which the company's policy wants every claim looked at again. Writes the claim and one
    ledger entry.

    Raises
    ------
    UserError
        If the text is empty, the market no country, or a label claim names no section.
    """
    scope = current_scope()
    scope.require("content.write")
    words = " ".join(text.split())
    if not words or len(words) > 1500:
        raise UserError("write the claim in 1 to 1,500 characters", field="text")
    if not is_country(market):
        raise UserError("give the market as a country code such as US", field="market")
    if in_label and not label_section.strip():
        raise UserError("name the section of the label that says it", field="label_section")
    if kind not in Claim.Kind.values:
        raise UserError("choose what the claim is about", field="kind")
    if not is_language(language):
        raise UserError("give the language as a code such as en", field="language")
    latest = at.date() + timedelta(days=POLICY_DAYS)
    claim = Claim.objects.create(
        org_id=scope.org_id,
        text=words,
        product_id=product_id,
        market=market,
        in_label=in_label,
        label_section=label_section.strip(),
        expires_on=min(expires_on, latest) if expires_on else latest,
        kind=kind,
        language=language,
        indication=indication.strip(),
        line_of_therapy=line_of_therapy.strip(),
        label_version=label_version.strip(),
    )
    ledger.append(
        ledger.Entry(
            "content.claim.added",
            "content.claim",
            claim.id,
            {"market": market, "in_label": in_label, "product": product_id},
        ),
        at=at,
    )
    return claim


def add_reference(
    claim_id: UUID,
    *,
    title: str,
    source: str,
    anchor: str,
    at: datetime,
    url: str = "",
    valid_until: date | None = None,
    study_id: UUID | None = None,
) -> Reference:
    """Add what supports a claim, and where in it.

    A claim holds no longer than what supports it.

    Parameters
    ----------
    study_id : UUID, optional
        The study whose result the source reports.

    Raises
    ------
    Claim.DoesNotExist
        If the claim is not the organisation's own.
    UserError
        If title, source or place is missing, or the study has no result that stands.
    """
    current_scope().require("content.write")
    given = Source(title, source, anchor, url, valid_until, study_id)
    return put_reference(claim_id, given, at=at)


@dataclass(frozen=True)
class Source:
    """What supports a claim, the place in it, and the study whose result it reports."""

    title: str
    source: str
    anchor: str
    url: str = ""
    valid_until: date | None = None
    study_id: UUID | None = None


def put_reference(claim_id: UUID, given: Source, *, at: datetime) -> Reference:
    """Write a reference of one's own claim; whoever calls has asked who may."""
    claim = Claim.objects.get(id=claim_id, org_id=current_scope().org_id)
    for name in ("title", "source", "anchor"):
        if not getattr(given, name).strip():
            raise UserError(f"give the {name} of the reference", field=name)
    if given.url and not given.url.startswith("https://"):
        raise UserError("the address of a reference begins with https://", field="url")
    study = _with_result(given.study_id) if given.study_id else None
    made = Reference.objects.create(
        org_id=claim.org_id,
        claim=claim,
        title=given.title.strip(),
        source=given.source.strip(),
        anchor=given.anchor.strip(),
        url=given.url,
        valid_until=given.valid_until,
        study=study,
    )
    if given.valid_until and (claim.expires_on is None or given.valid_until < claim.expires_on):
        claim.expires_on = given.valid_until
        claim.save(update_fields=["expires_on"])
    ledger.append(
        ledger.Entry(
            "content.reference.added",
            "content.claim",
            claim.id,
            {"reference": made.id, "study": given.study_id},
        ),
        at=at,
    )
    return made


def _with_result(study_id: UUID) -> Study:
    # Whoever supersedes the study takes the lock too, and flags what he finds afterwards.
    lock(f"content.study:{study_id}")
    study = Study.objects.filter(id=study_id).first()
    if study is None:
        raise UserError("choose a study that your company takes part in", field="study_id")
    if study.status not in HAS_RESULTS:
        state = STUDY_WORDS[StudyState(study.status)][0].lower()
        raise UserError(
            f"{study.protocol} is {state}: choose a study with a result that stands",
            field="study_id",
        )
    return study

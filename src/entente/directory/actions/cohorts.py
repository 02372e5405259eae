"""Draft cohort rules, have a privacy officer sign them, withdraw them; name centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from entente.directory.domain.territories import faults_of_ground
from entente.directory.models import CentreOfExcellence, CohortRule, Hco
from entente.directory.models.cohorts import LEAST_CELL
from entente.directory.reads.cohorts import n_in_cohort
from entente.foundation import ledger, signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

LONGEST_DAYS = 366


@dataclass(frozen=True)
class CohortTerms:
    """Which professionals a rule means, by fields of registries; all given fields must hold.

    Parameters
    ----------
    name, purpose : str
    countries, states, specialties, taxonomy_codes : sequence of str
        Empty ones leave a field open; at least one specialty, code or centre is needed.
    centre_area : str
        Only those who work at a centre of excellence of this area.
    minimum_cell : int
        Smallest number that is told, at least eleven.
    expires_on : date
        Last day, within a year.
    """

    name: str
    purpose: str
    expires_on: date
    countries: Sequence[str] = ()
    states: Sequence[str] = ()
    specialties: Sequence[str] = ()
    taxonomy_codes: Sequence[str] = ()
    centre_area: str = ""
    minimum_cell: int = LEAST_CELL


def _checked(terms: CohortTerms, today: date) -> None:
    if not terms.name.strip() or not terms.purpose.strip():
        field = "purpose" if terms.name.strip() else "name"
        raise UserError("Give the rule a name and say what the cohort is for.", field=field)
    if not (terms.specialties or terms.taxonomy_codes or terms.centre_area.strip()):
        raise UserError(
            "Name at least one specialty, code or centre; states alone make no cohort.",
            field="specialties",
        )
    for country in terms.countries:
        if not is_country(country):
            raise UserError("Write countries as two capitals each: US CA.", field="countries")
    for field, words in faults_of_ground("US", terms.states, ()):
        raise UserError(words, field=field)
    if terms.minimum_cell < LEAST_CELL:
        raise UserError(f"Tell no number below {LEAST_CELL}.", field="minimum_cell")
    if not today < terms.expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise UserError("Let it end after today and within a year.", field="expires_on")


def draft_cohort(terms: CohortTerms, *, at: datetime) -> CohortRule:
    """Draft a rule; it is used only once a privacy officer has signed it.

    Writes the rule and one ledger entry.

    Raises
    ------
    UserError
        If the rule is too wide, ends too late, or its name is taken.
    """
    scope = current_scope()
    scope.require("cohort.write")
    if scope.actor_id is None:
        raise OutOfScope("a cohort rule is drafted by a person, not by a job")
    _checked(terms, at.date())
    lock(f"directory.cohorts:{scope.org_id}")
    name = terms.name.strip()
    known = CohortRule.objects.filter(org_id=scope.org_id, name__iexact=name)
    if known.exclude(status="withdrawn").exists():
        raise UserError(f"There is a cohort {name} already; withdraw it first.", field="name")
    definition = {
        key: list(value) if isinstance(value, tuple | list) else value
        for key, value in asdict(terms).items()
    } | {"name": name}
    made = CohortRule.objects.create(
        id=new_id(), org_id=scope.org_id, author_id=scope.actor_id,
        author_key=scope.person_key, drafted_at=at,
        content_hash=sha256_hex(canonical(definition | {"expires_on": f"{terms.expires_on}"})),
        **definition,
    )  # fmt: skip
    ledger.append(
        ledger.Entry("directory.cohort.drafted", "cohort", made.id, {"hash": made.content_hash}),
        at=at,
    )
    return made


def sign_cohort(rule_id: UUID, *, password: str, at: datetime) -> CohortRule:
    """Sign a rule as privacy officer, so that it may be used until it expires.

    Writes the signature, the state and one ledger entry.

    Raises
    ------
    UserError
        If it is no draft, has expired, or means fewer people than may be told.
    OutOfScope
        If the author signs.
    NotSigned
        If the password is wrong.
    """
    scope = current_scope()
    scope.require("cohort.sign")
    lock(f"directory.cohorts:{scope.org_id}")
    rule = CohortRule.objects.get(id=rule_id)
    if rule.status != CohortRule.Status.DRAFT:
        raise UserError(f"This rule is {rule.get_status_display().lower()} already.")
    if rule.expires_on < at.date():
        raise UserError("This draft has expired; draft another one.")
    if scope.actor_id == rule.author_id or (
        scope.person_key and scope.person_key == rule.author_key
    ):
        raise OutOfScope("you drafted this rule, so somebody else has to sign it")
    if n_in_cohort(rule, at.date()) < rule.minimum_cell:
        raise UserError(f"It means fewer than {rule.minimum_cell} people; widen it first.")
    rule.signature = signatures.sign(
        password=password,
        meaning="lets the cohort be used for its purpose",
        object_kind="directory.cohort",
        object_id=rule.id,
        content_hash=rule.content_hash,
        at=at,
    )
    rule.status = CohortRule.Status.SIGNED
    rule.save(update_fields=["signature", "status"])
    ledger.append(
        ledger.Entry("directory.cohort.signed", "cohort", rule.id, {"hash": rule.content_hash}),
        at=at,
    )
    return rule


def withdraw_cohort(rule_id: UUID, *, reason: str, at: datetime) -> CohortRule:
    """Withdraw a rule; from now on it is not used. Author's side or privacy officer may.

    Writes the state with its reason and one ledger entry.

    Raises
    ------
    UserError
        If it is withdrawn already, or no reason is given.
    """
    scope = current_scope()
    if "cohort.sign" not in scope.may:
        scope.require("cohort.write")
    lock(f"directory.cohorts:{scope.org_id}")
    rule = CohortRule.objects.get(id=rule_id)
    if rule.status == CohortRule.Status.WITHDRAWN:
        raise UserError("This rule is withdrawn already.")
    if not reason.strip():
        raise UserError("Give the reason.", field="reason")
    rule.status, rule.withdrawn_at = CohortRule.Status.WITHDRAWN, at
    rule.withdrawn_because = reason.strip()[:300]
    rule.save(update_fields=["status", "withdrawn_at", "withdrawn_because"])
    ledger.append(ledger.Entry("directory.cohort.withdrawn", "cohort", rule.id), at=at)
    return rule


def name_centre(hco_id: UUID, area: str, *, from_on: date, at: datetime) -> CentreOfExcellence:
    """Call an organisation a centre of excellence for an area; again changes nothing.

    Writes the centre and one ledger entry.
    """
    scope = current_scope()
    scope.require("cohort.write")
    Hco.objects.get(id=hco_id)
    area = area.strip()
    if not area:
        raise UserError("Name the area, for example pulmonary hypertension.", field="area")
    lock(f"directory.centre:{hco_id}")
    made, is_new = CentreOfExcellence.objects.get_or_create(
        org_id=scope.org_id, hco_id=hco_id, area=area, to_on=None,
        defaults={"id": new_id(), "from_on": from_on},
    )  # fmt: skip
    if is_new:
        ledger.append(ledger.Entry("directory.centre.named", "hco", hco_id, {"area": area}), at=at)
    return made


def end_centre(centre_id: UUID, *, on: date, at: datetime) -> None:
    """Say that an organisation is no such centre any more; writes one ledger entry."""
    current_scope().require("cohort.write")
    held = CentreOfExcellence.objects.get(id=centre_id)
    if held.to_on is not None:
        return
    held.to_on = max(on, held.from_on)
    held.save(update_fields=["to_on"])
    ledger.append(
        ledger.Entry("directory.centre.ended", "hco", held.hco_id, {"area": held.area}), at=at
    )

"""Data-share contracts, the lists that two parties compare, and what came of comparing them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import MD5, Cast

from entente.consent.domain import shares
from entente.foundation.models.base import OwnedRow, Row


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


def _names() -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=32), default=list, blank=True)


class ShareContract(OwnedRow):
    """What two organisations may tell each other, and why; frozen once it is proposed.

    It has no status: its state at a moment follows from when it was proposed, signed by
    each side and ended, and from its days (``app.consent_share_state``).
    """

    partner = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )
    name = models.CharField(max_length=200)
    purpose = models.TextField()
    fields = _names()
    breakdown = models.CharField(max_length=16, choices=_choices(shares.BREAKDOWNS))
    min_cell = models.PositiveSmallIntegerField(default=shares.LEAST_CELL)
    from_on = models.DateField()
    to_on = models.DateField()
    data_licence = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=32, choices=_choices(shares.LEGAL_BASES))
    deidentification = models.CharField(max_length=32, choices=_choices(shares.DEIDENTIFICATIONS))
    authorisation_ref = models.CharField(max_length=200, blank=True)
    agreement_ref = models.CharField(max_length=200)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", editable=False
    )
    terms_hash = models.CharField(max_length=64)
    written_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")),
                name="share_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(min_cell__gte=shares.LEAST_CELL), name="share_cell_large_enough"
            ),
            models.CheckConstraint(
                condition=models.Q(fields__contained_by=list(shares.FIELDS)),
                name="share_fields_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ShareContractSide(OwnedRow):
    """One party of a share contract: its signature, its end, the list it offers to compare."""

    contract = models.ForeignKey(ShareContract, on_delete=models.PROTECT, related_name="sides")
    name = models.CharField(max_length=200)
    controller = models.ForeignKey(
        "directory.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    signed_hash = models.CharField(max_length=64, blank=True)
    signature = models.ForeignKey(
        "foundation.Signature", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signer_name = models.CharField(max_length=200, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ended_because = models.TextField(blank=True)
    offered_list = models.ForeignKey(
        "consent.PartnerList", null=True, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "org"], name="one_side_per_share_and_org")
        ]


class PartnerList(OwnedRow):
    """One version of an organisation's own list of people or organisations; never changed.

    ``licensed_fields`` are the fields that the licence of the data lets others see.
    """

    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=_choices(shares.KINDS))
    source = models.CharField(max_length=255, blank=True)
    data_licence = models.CharField(max_length=300, blank=True)
    licensed_fields = _names()
    n_entries = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=200)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name", "version"], name="list_version_once"),
            models.CheckConstraint(
                condition=models.Q(licensed_fields__contained_by=list(shares.FIELDS)),
                name="list_fields_known",
            ),
        ]
        indexes = [models.Index(fields=["org", "-loaded_at", "-id"], name="lists_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


class PartnerListEntry(OwnedRow):
    """One person or organisation of a list, known by exactly one key.

    ``digest`` is computed by the database from the key alone. Whoever loads a list can neither
    choose it nor make the same person or organisation look like another in the next version.
    """

    list = models.ForeignKey(PartnerList, on_delete=models.PROTECT, related_name="+")
    npi = models.CharField(max_length=10, blank=True)
    org_system = models.CharField(max_length=32, blank=True)
    org_value = models.CharField(max_length=64, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    digest = models.GeneratedField(
        expression=Cast(
            MD5(
                Func(
                    "npi", Value("|"), "org_system", Value("|"), "org_value", Value("|"), "domain",
                    template="%(expressions)s", arg_joiner=" || ", output_field=models.TextField(),
                )
            ),
            models.UUIDField(),
        ),
        output_field=models.UUIDField(),
        db_persist=True,
    )  # fmt: skip
    name = models.CharField(max_length=300, blank=True)
    specialty = models.CharField(max_length=250, blank=True)
    city = models.CharField(max_length=200, blank=True)
    us_state = models.CharField(max_length=100, blank=True)
    affiliation = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    label_specialty = models.CharField(max_length=250, blank=True)
    label_state = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "digest"], name="list_entry_once"),
            models.CheckConstraint(
                condition=(
                    models.Q(org_system="", org_value="", domain="") & ~models.Q(npi="")
                    | models.Q(npi="", domain="")
                    & ~models.Q(org_system="")
                    & ~models.Q(org_value="")
                    | models.Q(npi="", org_system="", org_value="") & ~models.Q(domain="")
                ),
                name="list_entry_has_one_key",
            ),
        ]


class OverlapComparison(Row):
    """Two lists compared once; written by the database alone, read by both parties alike.

    The parties stand in the order of their ids. ``published`` names the cells that are told;
    what is not in them is the rest, which is never smaller than the minimum cell.
    """

    contract = models.ForeignKey(ShareContract, on_delete=models.PROTECT, related_name="+")
    first_org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    second_org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    first_list = models.ForeignKey(PartnerList, on_delete=models.PROTECT, related_name="+")
    second_list = models.ForeignKey(PartnerList, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    breakdown = models.CharField(max_length=16)
    min_cell = models.PositiveSmallIntegerField()
    asked_by_org = models.UUIDField()
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    total = models.PositiveIntegerField(null=True)
    published = ArrayField(models.CharField(max_length=250), default=list)
    cells = models.JSONField(default=list)
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["first_org", "second_org", "recorded_at"], name="overlap_of_pair"),
            models.Index(fields=["contract", "-recorded_at"], name="overlap_of_share"),
        ]


class OverlapMember(Row):
    """One match of a comparison. Nobody reads this table; the database's functions do."""

    comparison = models.ForeignKey(
        OverlapComparison, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    element = models.UUIDField()
    matched_on = models.CharField(max_length=16)
    first_entry_id = models.UUIDField()
    second_entry_id = models.UUIDField()
    label = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes = [models.Index(fields=["comparison", "element"], name="overlap_members")]


class ShareRead(Row):
    """Somebody was shown persons of an overlap; written by the database with the reading."""

    contract = models.ForeignKey(ShareContract, on_delete=models.PROTECT, related_name="+")
    comparison = models.ForeignKey(OverlapComparison, on_delete=models.PROTECT, related_name="+")
    reader_org = models.UUIDField()
    reader_id = models.UUIDField(null=True)
    n_persons = models.PositiveIntegerField()
    fields = _names()
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contract", "-recorded_at"], name="reads_of_share")]

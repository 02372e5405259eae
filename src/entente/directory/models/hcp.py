"""Health professionals, their specialties and licences, and how they are reached."""

from __future__ import annotations

from string import capwords

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from entente.foundation.models.base import OwnedRow


class Hcp(OwnedRow):
    """A licensed person. Fields of public registries, which every organisation may read."""

    class IdentityStatus(models.TextChoices):
        """How far the record can be relied on (directory.domain.record_states)."""

        CANDIDATE = "candidate", "Candidate"
        UNVERIFIED = "unverified", "Unverified"
        VERIFIED = "verified", "Verified"
        INACTIVE = "inactive", "Inactive"
        DECEASED = "deceased", "Deceased"
        MERGED = "merged", "Merged"

    npi = models.CharField(max_length=10, null=True, unique=True)
    family_name = models.CharField(max_length=200)
    given_name = models.CharField(max_length=200, blank=True)
    middle_name = models.CharField(max_length=200, blank=True)
    prefix = models.CharField(max_length=50, blank=True)
    suffix = models.CharField(max_length=50, blank=True)
    credential = models.CharField(max_length=200, blank=True)
    profession = models.CharField(max_length=40)
    specialty = models.CharField(max_length=250, blank=True)
    taxonomy_code = models.CharField(max_length=10, blank=True)
    licence_number = models.CharField(max_length=100, blank=True)
    licence_state = models.CharField(max_length=10, blank=True)
    licence_states = ArrayField(models.CharField(max_length=10), default=list)
    address_line = models.CharField(max_length=300, blank=True)
    address_line2 = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=200, blank=True)
    us_state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    identity_status = models.CharField(
        max_length=16, choices=IdentityStatus, default=IdentityStatus.UNVERIFIED
    )
    licence_active = models.BooleanField(null=True)
    can_prescribe = models.BooleanField(null=True)
    covered_recipient_type = models.CharField(max_length=32, default="none")
    bona_fide_employee = models.BooleanField(default=False)
    excluded = models.BooleanField(null=True)
    enumerated_on = models.DateField(null=True)
    deactivated_on = models.DateField(null=True)
    reactivated_on = models.DateField(null=True)
    registry_updated_on = models.DateField(null=True)
    source = models.CharField(max_length=32, blank=True)
    source_load = models.ForeignKey(
        "directory.SourceLoad",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    row_hashes = ArrayField(models.UUIDField(), default=list)
    name_key = models.CharField(max_length=600)
    search_text = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "id"], name="hcp_by_name"),
            models.Index(fields=["us_state", "name_key", "id"], name="hcp_by_state"),
            models.Index(fields=["specialty", "name_key", "id"], name="hcp_by_specialty"),
            models.Index(fields=["country", "name_key", "id"], name="hcp_by_country"),
            models.Index(fields=["identity_status", "name_key", "id"], name="hcp_by_status"),
            models.Index(fields=["taxonomy_code"], name="hcp_by_taxonomy"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="hcp_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    identity_status__in=[
                        "candidate", "unverified", "verified", "inactive", "deceased", "merged"
                    ]
                ),
                name="hcp_identity_status_known",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as a reader writes it; registries shout, so capitals alone are eased."""
        words = [self.given_name, self.middle_name, self.family_name, self.suffix]
        name = " ".join(word for word in words if word)
        return capwords(name) if name.isupper() else name

    @property
    def profession_words(self) -> str:
        """The profession in words."""
        return (
            "CRNA" if self.profession == "crna" else self.profession.replace("_", " ").capitalize()
        )

    @property
    def place(self) -> str:
        """City and state or country, as far as known."""
        city = self.city.title() if self.city.isupper() else self.city
        region = self.us_state or (self.country if self.country != "US" else "")
        return ", ".join(part for part in (city, region) if part)


class HcpSpecialty(OwnedRow):
    """One specialty of a person, with the licence under which it is practised."""

    # The constraint below serves as its index.
    hcp = models.ForeignKey(
        Hcp, on_delete=models.CASCADE, related_name="specialties", db_index=False
    )
    slot = models.PositiveSmallIntegerField()
    taxonomy_code = models.CharField(max_length=10)
    is_primary = models.BooleanField()
    licence_number = models.CharField(max_length=100, blank=True)
    licence_state = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hcp", "slot"], name="specialty_per_slot")]


class ContactPoint(OwnedRow):
    """An address at which a person may be reached, known to one organisation.

    An address is no permission to use it.
    """

    class Channel(models.TextChoices):
        """How somebody is reached."""

        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"
        PHONE = "phone", "Telephone"
        FAX = "fax", "Fax"
        POST = "post", "Post"

    hcp = models.ForeignKey(Hcp, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16, choices=Channel)
    value = models.CharField(max_length=300)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=64, blank=True)
    row_hash = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["hcp", "channel", "-from_on"], name="contact_of_hcp")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "hcp", "channel"],
                condition=models.Q(to_on__isnull=True),
                name="one_current_contact_point",
            )
        ]

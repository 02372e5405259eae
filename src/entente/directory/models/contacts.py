"""People who are no health professionals: buyers, executives, payer and partner staff."""

from __future__ import annotations

from string import capwords

from django.db import models
from django.db.models import F, Q

from entente.directory.models.hco import Hco
from entente.foundation.models.base import OwnedRow


class Contact(OwnedRow):
    """A business contact, known to one organisation only; never a patient."""

    class Kind(models.TextChoices):
        """On whose side somebody stands."""

        BUYER = "buyer", "Buyer"
        EXECUTIVE = "executive", "Executive"
        PAYER_STAFF = "payer_staff", "Payer staff"
        FORMULARY_STAFF = "formulary_staff", "Formulary committee"
        CLINIC_STAFF = "clinic_staff", "Clinic staff"
        PARTNER_STAFF = "partner_staff", "Partner staff"
        OTHER = "other", "Other"

    class Authority(models.TextChoices):
        """What somebody can bring about where they work."""

        SIGNS = "signs", "Signs"
        RECOMMENDS = "recommends", "Recommends"
        INFLUENCES = "influences", "Influences"
        INFORMS = "informs", "Informs"
        UNKNOWN = "unknown", "Not known"

    family_name = models.CharField(max_length=200)
    given_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, choices=Kind)
    role = models.CharField(max_length=200, blank=True)
    authority = models.CharField(max_length=16, choices=Authority, default=Authority.UNKNOWN)
    employer_hco = models.ForeignKey(Hco, null=True, on_delete=models.PROTECT, related_name="+")
    employer_organisation = models.ForeignKey(
        "foundation.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    employer_name = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2)
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=32, blank=True)
    source_key = models.CharField(max_length=64, null=True, blank=True)
    row_hash = models.UUIDField(null=True)
    name_key = models.CharField(max_length=600)
    search_text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "source_key"], name="contact_once_per_key"),
            models.CheckConstraint(
                condition=Q(employer_hco__isnull=True) | Q(employer_organisation__isnull=True),
                name="contact_has_one_employer",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "buyer", "executive", "payer_staff", "formulary_staff", "clinic_staff",
                        "partner_staff", "other",
                    ]
                ),
                name="contact_is_no_patient",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["org", "name_key", "id"], name="contacts_by_name"),
            models.Index(fields=["employer_hco", "name_key"], name="contacts_of_hco"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as a reader writes it."""
        name = " ".join(part for part in (self.given_name, self.family_name) if part)
        return capwords(name) if name.isupper() else name

    @property
    def employer(self) -> str:
        """The employer's name, wherever it is known from."""
        if self.employer_hco is not None:
            return self.employer_hco.display_name
        if self.employer_organisation is not None:
            return self.employer_organisation.name
        return self.employer_name


class ContactAddress(OwnedRow):
    """An address of a contact; it is no permission to use it."""

    class Channel(models.TextChoices):
        """How somebody is reached."""

        EMAIL = "email", "E-mail"
        PHONE = "phone", "Telephone"

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="addresses")
    channel = models.CharField(max_length=16, choices=Channel)
    value = models.CharField(max_length=300)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "channel"],
                condition=Q(to_on__isnull=True),
                name="one_current_address_of_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="address_ends_after_it_begins",
            ),
        ]

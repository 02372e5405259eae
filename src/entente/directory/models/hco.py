"""Health-care organisations, their identifiers, and who works with them."""

from __future__ import annotations

from string import capwords

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from entente.directory.domain.identifier_names import is_numbered, system_label
from entente.foundation.models.base import OwnedRow


class Hco(OwnedRow):
    """A hospital, practice, pharmacy or other organisation of a public registry."""

    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    other_name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    ownership = models.CharField(max_length=100, blank=True)
    is_subpart = models.BooleanField(null=True)
    parent_name = models.CharField(max_length=300, blank=True)
    taxonomy_code = models.CharField(max_length=10, blank=True)
    address_line = models.CharField(max_length=300, blank=True)
    address_line2 = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=200, blank=True)
    us_state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    source = models.CharField(max_length=32, blank=True)
    source_load = models.ForeignKey(
        "directory.SourceLoad",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    row_hash = models.UUIDField(null=True)
    name_key = models.CharField(max_length=700)
    search_text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="hco_once_per_registry_key")
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="hco_by_name"),
            models.Index(fields=["us_state", "name_key", "id"], name="hco_by_state"),
            models.Index(fields=["kind", "name_key", "id"], name="hco_by_kind"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="hco_search"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name as a reader writes it; registries shout, so capitals alone are eased."""
        return capwords(self.name) if self.name.isupper() else self.name

    @property
    def place(self) -> str:
        """City and state or country, as far as known."""
        city = self.city.title() if self.city.isupper() else self.city
        region = self.us_state or (self.country if self.country != "US" else "")
        return ", ".join(part for part in (city, region) if part)

    @property
    def system_label(self) -> str:
        """What the system of the identifier is called."""
        return system_label(self.system)

    @property
    def is_numbered(self) -> bool:
        """Whether it is an identifier that somebody outside knows."""
        return is_numbered(self.system)


class HcoIdentifier(OwnedRow):
    """An identifier of an organisation in one system; the key of the registry row is one too."""

    hco = models.ForeignKey(Hco, on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hco", "system", "value"], name="identifier_once")
        ]
        indexes = [models.Index(fields=["system", "value"], name="hco_by_identifier")]

    @property
    def system_label(self) -> str:
        """What the system of the identifier is called."""
        return system_label(self.system)

    @property
    def is_numbered(self) -> bool:
        """Whether it is an identifier that somebody outside knows."""
        return is_numbered(self.system)


class Affiliation(OwnedRow):
    """A person works with an organisation, as one source says, from a day and perhaps to one."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.CASCADE, related_name="affiliations")
    hco = models.ForeignKey(Hco, on_delete=models.CASCADE, related_name="affiliations")
    source = models.CharField(max_length=32)
    role = models.CharField(max_length=100, blank=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True, blank=True)
    source_load = models.ForeignKey(
        "directory.SourceLoad",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hcp", "hco", "source", "role"], name="affiliation_once_per_source"
            )
        ]
        indexes = [models.Index(fields=["hco", "hcp"], name="affiliation_of_hco")]

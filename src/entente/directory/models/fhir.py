"""What a FHIR file says beyond the directory's own columns, and how its people are known again."""

from __future__ import annotations

from django.db import models

from entente.directory.domain.identifier_names import is_numbered, system_label
from entente.foundation.models.base import OwnedRow


class HcpIdentifier(OwnedRow):
    """An identifier of a person in one system, other than the NPI."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "system", "value"], name="hcp_identifier_once")
        ]
        indexes = [models.Index(fields=["system", "value"], name="hcp_by_identifier")]

    @property
    def system_label(self) -> str:
        """What the system of the identifier is called."""
        return system_label(self.system)

    @property
    def is_numbered(self) -> bool:
        """Whether it is an identifier that somebody outside knows."""
        return is_numbered(self.system)


class FhirResource(OwnedRow):
    """A resource as received, whole, so that it can be given back without loss.

    It may say more about a person than a public registry does (a birth date, a second address):
    only the organisation that loaded it sees it.
    """

    resource_type = models.CharField(max_length=32)
    logical_id = models.CharField(max_length=64, blank=True)
    full_url = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    key_system = models.CharField(max_length=200)
    key_value = models.CharField(max_length=200)
    hcp = models.ForeignKey(
        "directory.Hcp", null=True, on_delete=models.CASCADE, related_name="fhir_resources"
    )
    hco = models.ForeignKey(
        "directory.Hco", null=True, on_delete=models.CASCADE, related_name="fhir_resources"
    )
    affiliation = models.ForeignKey(
        "directory.Affiliation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.TextField()
    row_hash = models.UUIDField()
    received_at = models.DateTimeField()
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
                fields=["org", "resource_type", "key_system", "key_value", "logical_id"],
                name="fhir_resource_once",
            )
        ]
        indexes = [
            models.Index(fields=["resource_type", "logical_id"], name="fhir_by_logical_id"),
            models.Index(fields=["hcp", "resource_type"], name="fhir_of_hcp"),
            models.Index(fields=["hco", "resource_type"], name="fhir_of_hco"),
        ]

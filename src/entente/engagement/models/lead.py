"""Leads of a congress stand: who was there, what he permitted to whom, what became of it."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class Lead(OwnedRow):
    """Somebody met at a stand; the company that wrote it down owns it.

    Another company sees it only where the person permitted something to that company: then a
    ``LeadConsent`` names it.
    """

    class Origin(models.TextChoices):
        """At whose stand."""

        JOINT = "joint", "The joint stand"
        OWN = "own", "Our own stand"

    # Made on the device, so that a record sent twice is kept once.
    client_id = models.UUIDField()
    event = models.ForeignKey("engagement.Event", on_delete=models.PROTECT, related_name="leads")
    origin = models.CharField(max_length=8, choices=Origin)
    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    badge = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254, blank=True)
    interest = models.CharField(max_length=120)
    note = models.TextField(max_length=2000, blank=True)
    wall = models.CharField(max_length=10)
    signature = models.TextField(max_length=20_000, blank=True)
    side_id = models.UUIDField()
    due_on = models.DateField()
    captured_at = models.DateTimeField()
    captured_by_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "client_id"], name="one_lead_per_client_id")
        ]
        indexes = [
            models.Index(fields=["event", "-captured_at", "-id"], name="lead_by_event"),
            models.Index(fields=["hcp"], name="lead_by_hcp"),
        ]

    def __str__(self) -> str:
        return self.name


class LeadConsent(OwnedRow):
    """One permission ticked at a stand: to one company, for one purpose, with which words."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="consents")
    party_id = models.UUIDField()
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    wording_version = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "controller", "channel", "purpose"],
                name="one_tick_per_company_and_purpose",
            )
        ]
        indexes = [models.Index(fields=["party_id"], name="lead_consent_by_party")]


class LeadFollowUp(OwnedRow):
    """What the company that follows a lead up did with it."""

    class Status(models.TextChoices):
        """Where a lead stands; one that nobody took has no row here and is open."""

        TAKEN = "taken", "Taken"
        DONE = "done", "Followed up"
        REJECTED = "rejected", "Rejected"

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="follow_up")
    status = models.CharField(max_length=10, choices=Status)
    owner_id = models.UUIDField()
    due_on = models.DateField()
    taken_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

"""Decisions: one answer of the gate each, with all it was judged on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.foundation.models import OwnedRow
from entente.policy.models.packs import PackSet


class Decision(OwnedRow):
    """One answer of the gate, with all it was judged on."""

    class Outcome(models.TextChoices):
        """The three answers."""

        PERMIT = "PERMIT", "May go"
        REFER = "REFER", "Needs a person"
        FORBID = "FORBID", "Must not go"

    class Stage(models.TextChoices):
        """When the gate was asked."""

        REQUEST = "request", "When it was asked for"
        DELIVERY = "delivery", "When it was about to leave"

    act_type = models.CharField(max_length=32)
    stage = models.CharField(max_length=8, choices=Stage)
    outcome = models.CharField(max_length=6, choices=Outcome)
    rule_ids = ArrayField(models.CharField(max_length=64), default=list)
    missing_facts = ArrayField(models.CharField(max_length=64), default=list)
    facts = models.JSONField()
    pack_set = models.ForeignKey(PackSet, on_delete=models.PROTECT, related_name="+")
    object_kind = models.CharField(max_length=64, blank=True)
    object_id = models.UUIDField(null=True)
    recipient_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField()
    # Waivers and answered referrals without which the outcome would have been another.
    overrides = ArrayField(models.UUIDField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["org", "-decided_at", "-id"], name="decision_latest"),
            models.Index(fields=["object_kind", "object_id"], name="decision_by_object"),
            models.Index(fields=["recipient_id", "-decided_at"], name="decision_by_recipient"),
            models.Index(fields=["campaign_id", "outcome"], name="decision_by_campaign"),
        ]

"""What people decide where a rule leaves it to them: referrals, and waivers of a rule."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.foundation.models import OwnedRow
from entente.policy.models.decision import Decision


class Referral(OwnedRow):
    """A decision that waits for a role, with the rules that sent it there and a clock."""

    class Answer(models.TextChoices):
        """What was answered."""

        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        MOOT = "moot", "Not needed any more"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="referrals")
    role = models.CharField(max_length=32)
    rule_ids = ArrayField(models.CharField(max_length=64))
    object_kind = models.CharField(max_length=64, blank=True)
    object_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    signature = models.OneToOneField(
        "foundation.Signature", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "role"], name="one_referral_per_role")
        ]
        indexes = [
            models.Index(
                fields=["org", "due_at", "id"],
                condition=models.Q(answer=""),
                name="referral_open",
            ),
            models.Index(fields=["object_id"], name="referral_by_object"),
        ]


class Waiver(OwnedRow):
    """A rule set aside by a named role, for a stated reason, in a scope, until a moment.

    Without a recipient, campaign and object it covers every act that the rule is about.
    """

    rule_id = models.CharField(max_length=64)
    role = models.CharField(max_length=32)
    reason = models.TextField()
    act_type = models.CharField(max_length=32, blank=True)
    recipient_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    object_id = models.UUIDField(null=True)
    only_undecided = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    granted_by_id = models.UUIDField(null=True)
    granted_by_name = models.CharField(max_length=200)
    referral = models.ForeignKey(
        Referral, null=True, on_delete=models.PROTECT, related_name="waivers"
    )
    signature = models.ForeignKey(
        "foundation.Signature", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="waiver_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="waiver_says_why"),
        ]
        indexes = [models.Index(fields=["org", "rule_id", "-valid_until"], name="waiver_by_rule")]

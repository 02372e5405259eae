"""Proof of the review: approvals, filings and withdrawals, never changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.content.domain.states import Verdict
from entente.content.models.item import Item, Version
from entente.foundation.models.base import OwnedRow


class Approval(OwnedRow):
    """A reviewer's signed verdict over the exact bytes of a version.

    Name, title, hash and time repeat the signature's, which the third party of a joint
    item cannot read; the database checks on insert that they are the same.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="approvals")
    signature = models.OneToOneField(
        "foundation.Signature", on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField(max_length=24, choices=[(v.value, v.value) for v in Verdict])
    comment = models.TextField(blank=True)
    signer_name = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200, blank=True)
    person_key = models.CharField(max_length=64)
    qualification = models.CharField(max_length=16, blank=True)
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    function = models.CharField(max_length=16, default="reviewer")
    # The countries it answers for, and of these the ones it approves; null: as the version says.
    answers = ArrayField(models.CharField(max_length=2), null=True)
    markets = ArrayField(models.CharField(max_length=2), null=True)
    audiences = ArrayField(models.CharField(max_length=16), null=True)
    channels = ArrayField(models.CharField(max_length=16), null=True)
    until = models.DateField(null=True)
    # The holder of the seat, where a deputy signed.
    deputy_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person_key"], name="one_verdict_per_person_and_version"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="approve") | ~models.Q(comment=""),
                name="verdict_other_than_approval_says_why",
            ),
        ]


class Filing(OwnedRow):
    """That a version was filed with an authority, on which day, under which reference."""

    class Authority(models.TextChoices):
        """With whom."""

        FDA = "fda", "FDA, Form 2253"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="filings")
    authority = models.CharField(max_length=16, choices=Authority)
    filed_on = models.DateField()
    reference = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "authority"], name="filed_once_per_authority"
            )
        ]


class Withdrawal(OwnedRow):
    """A party takes a version back; from this moment nothing of it may leave."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField()


class Certificate(OwnedRow):
    """What was certified, kept as it was on the day; it outlives item, person and partnership."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="certificate")
    body = models.JSONField()
    body_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

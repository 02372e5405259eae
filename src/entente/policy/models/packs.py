"""Packs: texts by hash, sets that decided together, drafts, and what brought them into force."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from entente.foundation.models import OwnedRow


class PackText(models.Model):
    """A rule pack exactly as it was when a decision was made under it.

    Kept by the hash of its text, so that a decision of any past day can be made again.
    """

    hash = models.CharField(max_length=64, primary_key=True)
    pack = models.CharField(max_length=100)
    version = models.CharField(max_length=32)
    source_file = models.CharField(max_length=200)
    text = models.TextField()
    first_used_at = models.DateTimeField(db_default=Now(), editable=False)


class PackSet(models.Model):
    """The packs in force together, kept by the hash of their hashes."""

    hash = models.CharField(max_length=64, primary_key=True)
    pack_hashes = ArrayField(models.CharField(max_length=64))
    first_used_at = models.DateTimeField(db_default=Now(), editable=False)


class PackDraft(OwnedRow):
    """A pack that somebody of the host wrote and that is not in force yet.

    A draft may be saved again until it is activated or dropped; its text is then fixed.
    """

    class Status(models.TextChoices):
        """Where a draft stands."""

        DRAFT = "draft", "Draft"
        ACTIVATED = "activated", "Activated"
        DROPPED = "dropped", "Dropped"

    pack = models.CharField(max_length=100)
    version = models.CharField(max_length=32)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=200)
    author_key = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "-saved_at", "-id"], name="pack_draft_latest")]


class PackActivation(OwnedRow):
    """That a pack's text is in force from a day, signed by somebody who did not write it."""

    draft = models.OneToOneField(PackDraft, on_delete=models.PROTECT, related_name="activation")
    pack = models.CharField(max_length=100)
    version = models.CharField(max_length=32)
    text = models.ForeignKey(PackText, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    signature = models.OneToOneField(
        "foundation.Signature", on_delete=models.PROTECT, related_name="+"
    )
    signer_name = models.CharField(max_length=200)
    activated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["pack", "-from_on", "-activated_at"], name="pack_by_day")]

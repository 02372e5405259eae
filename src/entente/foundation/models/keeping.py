"""What is kept for proof: ledger, signatures, links, keys of persons, answers already given."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow, Row


class LedgerEntry(models.Model):
    """One entry of the ledger, read-only to Django; ``foundation.ledger`` writes it.

    ``body`` is the canonical text of the entry and the only thing that is hashed; the
    other columns are computed from it by the database, so they cannot disagree with it.
    """

    seq = models.BigIntegerField(primary_key=True)
    body = models.TextField()
    entry_id = models.UUIDField()
    org_id = models.UUIDField()
    counterparty_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    verb = models.TextField()
    object_kind = models.TextField()
    object_id = models.UUIDField(null=True)
    at_us = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "foundation_ledgerentry"


class PersonKey(Row):
    """The key that encrypts one person's values in the ledger; deleting it is the erasure."""

    person_id = models.UUIDField(unique=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16)


class Signature(OwnedRow):
    """An electronic signature: who, when, meaning what, over exactly which bytes."""

    user = models.ForeignKey("foundation.User", on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200)
    person_key = models.CharField(max_length=64)
    meaning = models.CharField(max_length=200)
    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    counterparty = models.ForeignKey(
        "foundation.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    seal = models.CharField(max_length=64)


class SignedLink(OwnedRow):
    """A link that opens one thing for one person for one purpose."""

    purpose = models.CharField(max_length=32)
    person_id = models.UUIDField()
    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "purpose"], name="link_by_person")]


class IdempotencyKey(OwnedRow):
    """An answer already given, so that asking twice has one effect."""

    actor_id = models.UUIDField()
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="one_answer_per_actor_and_key")
        ]

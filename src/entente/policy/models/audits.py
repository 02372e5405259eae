"""Compliance audits: what is looked at, what was drawn, what was found, what was done about it."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow, User


class AuditPlan(OwnedRow):
    """What is sampled, how often, and how many."""

    class Every(models.TextChoices):
        """The periods."""

        MONTH = "month", "Month"
        QUARTER = "quarter", "Quarter"

    class Strata(models.TextChoices):
        """By what the sample is spread."""

        NONE = "", "Not spread"
        COUNTRY = "country", "By country"
        SORT = "sort", "By kind of act"

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    every = models.CharField(max_length=8, choices=Every)
    size = models.PositiveIntegerField(null=True)
    rate_percent = models.PositiveSmallIntegerField(null=True)
    strata = models.CharField(max_length=8, choices=Strata, blank=True)
    country = models.CharField(max_length=2, blank=True)
    auditor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    auditor_name = models.CharField(max_length=200, blank=True)
    from_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gte=1, rate_percent__isnull=True)
                | models.Q(size__isnull=True, rate_percent__gte=1, rate_percent__lte=100),
                name="audit_has_a_size_or_a_rate",
            )
        ]


class AuditSample(OwnedRow):
    """One draw: of which days, from how many, with which seed; drawn once and kept as drawn."""

    plan = models.ForeignKey(AuditPlan, on_delete=models.PROTECT, related_name="samples")
    since_on = models.DateField()
    until_on = models.DateField()
    # Rows recorded later are not part of what was drawn from.
    recorded_until = models.DateTimeField()
    drawn_at = models.DateTimeField()
    drawn_by_name = models.CharField(max_length=200)
    batch = models.BigIntegerField()
    head = models.CharField(max_length=64)
    entry_id = models.UUIDField()
    leaf = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    n_population = models.PositiveIntegerField()
    n_drawn = models.PositiveIntegerField()
    allocation = models.JSONField(default=dict)
    ids_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            # Whoever dislikes what was drawn cannot draw again.
            models.UniqueConstraint(fields=["plan", "since_on"], name="one_draw_per_period")
        ]


class AuditItem(OwnedRow):
    """One thing that was drawn, and what the auditor says of it."""

    class Answer(models.TextChoices):
        """What was found."""

        OPEN = "", "To look at"
        IN_ORDER = "in_order", "In order"
        FINDING = "finding", "Finding"

    class Severity(models.TextChoices):
        """How grave a finding is."""

        MINOR = "minor", "Minor"
        MAJOR = "major", "Major"
        CRITICAL = "critical", "Critical"

    sample = models.ForeignKey(AuditSample, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    object_kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    wall = models.CharField(max_length=10)
    stratum = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField()
    # Whose act it was, so that nobody audits his own; and the partner it was done with.
    actor_id = models.UUIDField(null=True)
    partner = models.ForeignKey(
        "foundation.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    severity = models.CharField(max_length=10, choices=Severity, blank=True)
    rule_id = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="audit_item_place"),
            models.UniqueConstraint(fields=["sample", "object_id"], name="audit_item_drawn_once"),
            models.CheckConstraint(
                condition=~models.Q(answer="finding")
                | (~models.Q(severity="") & ~models.Q(note="")),
                name="audit_finding_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "answer", "-answered_at", "-id"], name="audit_item_answer")
        ]


class AuditAction(OwnedRow):
    """What is done about a finding: by whom, until when, with which evidence, and who saw it."""

    class Kind(models.TextChoices):
        """Mend this one, or keep the next from happening."""

        CORRECTIVE = "corrective", "Corrective"
        PREVENTIVE = "preventive", "Preventive"

    item = models.ForeignKey(AuditItem, on_delete=models.PROTECT, related_name="actions")
    wall = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=Kind)
    what = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=200)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_by_name = models.CharField(max_length=200, blank=True)
    evidence = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by_name = models.CharField(max_length=200, blank=True)
    returned_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | ~models.Q(evidence=""),
                name="audit_action_done_with_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True) | models.Q(done_at__isnull=False),
                name="audit_action_verified_once_done",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "due_on", "id"],
                condition=models.Q(verified_at__isnull=True),
                name="audit_action_open",
            )
        ]

"""What HCPs ask of their own accord: the words, who asked, the desk, the clock, the answer."""

from __future__ import annotations

from django.db import models

from entente.foundation.models import OwnedRow


class Inquiry(OwnedRow):
    """A question at a desk; its texts are read only on that desk's side of the wall.

    Words that belong to two desks, such as a question that mentions a side effect, are two
    rows with the same ``root_id``: each desk has its own clock and its own answer. The words,
    who asked and how they came never change; a row that is closed does not change at all.
    """

    class Kind(models.TextChoices):
        """What is asked about."""

        SCIENTIFIC = "scientific", "Scientific question"
        SAFETY = "safety", "Side effect or product complaint"
        ACCESS = "access", "Access: coverage, prior authorisation"
        COMMERCIAL = "commercial", "Visit, price, sample or material"
        OTHER = "other", "Something else"

    class Desk(models.TextChoices):
        """Who answers."""

        MSL = "msl", "Medical science liaisons"
        SAFETY = "safety", "Drug safety"
        ACCESS = "access", "Access managers"
        REPRESENTATIVE = "representative", "Representatives"

    class Source(models.TextChoices):
        """How it came."""

        VISIT = "visit", "Visit"
        PHONE = "phone", "Telephone"
        EMAIL = "email", "E-mail"
        LINK = "link", "The HCP’s own link"
        CONGRESS = "congress", "Congress"

    class Priority(models.TextChoices):
        """How soon."""

        NORMAL = "normal", "Normal"
        URGENT = "urgent", "Urgent"

    class AnswerState(models.TextChoices):
        """What became of the answer."""

        NONE = "", "None yet"
        REFERRED = "referred", "Waits for a person"
        REFUSED = "refused", "Refused by a rule"
        QUEUED = "queued", "About to leave"
        HELD = "held", "Did not leave"
        GIVEN = "given", "Given"
        SENT = "sent", "Sent by e-mail"

    root_id = models.UUIDField()
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "directory.Product", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SCIENTIFIC)
    desk = models.CharField(max_length=14, choices=Desk, default=Desk.MSL)
    wall = models.CharField(max_length=10, default="medical", editable=False)
    question = models.TextField(max_length=4000)
    source = models.CharField(max_length=8, choices=Source, blank=True)
    is_unsolicited = models.BooleanField(default=True)
    # What the requester signed with, or the reference of the letter; a link proves itself.
    signed_by = models.CharField(max_length=200, blank=True)
    link_id = models.UUIDField(null=True)
    priority = models.CharField(max_length=6, choices=Priority, default=Priority.NORMAL)
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    assignee_id = models.UUIDField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=4000, blank=True)
    answer_state = models.CharField(max_length=8, choices=AnswerState, blank=True)
    answered_by_id = models.UUIDField(null=True)
    sender_role = models.CharField(max_length=32, blank=True)
    controller = models.ForeignKey(
        "directory.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(
        "content.Version", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(
        "policy.Decision", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["hcp"], condition=models.Q(closed_at__isnull=True), name="medical_case_open"
            ),
            models.Index(
                fields=["org", "due_at"],
                condition=models.Q(closed_at__isnull=True),
                name="medical_case_due",
            ),
            models.Index(fields=["root_id"], name="inquiry_by_root"),
            models.Index(fields=["opened_by_id", "-opened_at"], name="inquiry_by_submitter"),
            models.Index(fields=["org", "hcp", "-opened_at"], name="inquiry_by_hcp"),
        ]


class InquiryMove(OwnedRow):
    """A step of an inquiry: captured, taken, handed over, answered; never changed."""

    class Verb(models.TextChoices):
        """What happened."""

        CAPTURED = "captured", "Captured"
        ASSIGNED = "assigned", "Given to a colleague"
        HANDED_OVER = "handed_over", "Handed over"
        ANSWERED = "answered", "Answered"
        HELD = "held", "The answer did not leave"

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=12, choices=Verb)
    desk = models.CharField(max_length=14, choices=Inquiry.Desk)
    by_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["inquiry", "happened_at"], name="inquiry_moves")]


class InquiryRoute(OwnedRow):
    """A line of an organisation's routing table; without one the default holds."""

    kind = models.CharField(max_length=10, choices=Inquiry.Kind)
    desk = models.CharField(max_length=14, choices=Inquiry.Desk)
    normal_hours = models.PositiveSmallIntegerField()
    urgent_hours = models.PositiveSmallIntegerField()
    # Where case reports go; of the safety line only.
    deliver_to = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "kind"], name="one_route_per_inquiry_kind")
        ]


class SafetyReport(OwnedRow):
    """A case report on its way to the drug safety system, with its clock and acknowledgement."""

    class Status(models.TextChoices):
        """Where it stands."""

        UNADDRESSED = "unaddressed", "No address is set"
        QUEUED = "queued", "About to leave"
        SENT = "sent", "Sent, not acknowledged"
        FAILED = "failed", "Did not arrive"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"

    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="report")
    wall = models.CharField(max_length=10, default="medical", editable=False)
    status = models.CharField(max_length=12, choices=Status)
    address = models.CharField(max_length=254, blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org", "status", "due_at"], name="safety_by_clock")]

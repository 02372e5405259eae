"""One item to one recipient, from the request to what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from entente.foundation.models import OwnedRow


class Send(OwnedRow):
    """An approved item on its way to one HCP.

    A refused request is kept as well: who wanted to send what to whom, and why not.
    """

    class Status(models.TextChoices):
        """Where a send stands."""

        FORBIDDEN = "forbidden", "Must not go"
        REFERRED = "referred", "Needs a person"
        QUEUED = "queued", "Waiting to leave"
        SENT = "sent", "Sent"
        WITHHELD = "withheld", "Held back at the last check"
        REFUSED = "refused", "Refused by the receiving server"
        PARKED = "parked", "Outcome unknown"

    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("content.Version", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=16, default="email")
    purpose = models.CharField(max_length=16)
    address = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    delivery_decision = models.ForeignKey(
        "policy.Decision", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Set for messages that another service sends, of the list that is handed to it.
    message_list = models.ForeignKey(
        "engagement.MessageList", null=True, on_delete=models.PROTECT, related_name="sends"
    )
    requested_by_id = models.UUIDField(null=True)
    sender_role = models.CharField(max_length=32)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "hcp", "version"], name="one_send_per_campaign_hcp_and_version"
            )
        ]
        indexes = [
            models.Index(fields=["hcp", "channel", "-requested_at"], name="send_by_hcp"),
            models.Index(fields=["campaign", "status"], name="send_by_campaign"),
            models.Index(fields=["org", "-requested_at", "-id"], name="send_latest"),
            models.Index(models.F("org"), Lower("address"), name="send_by_address"),
        ]


class Response(OwnedRow):
    """What came back for a send: an opt-out, a bounce, a complaint."""

    class Kind(models.TextChoices):
        """Kinds of response."""

        OPT_OUT = "opt_out", "Opted out"
        BOUNCE = "bounce", "Bounced"
        COMPLAINT = "complaint", "Complained"

    send = models.ForeignKey(Send, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=12, choices=Kind)
    responded_at = models.DateTimeField()
    source = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["send", "kind"], name="one_response_per_send_and_kind")
        ]

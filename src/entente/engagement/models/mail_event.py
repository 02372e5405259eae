"""What came back for e-mails, and the doors by which mail services tell it."""

from __future__ import annotations

from django.db import models

from entente.engagement.models.send import Send
from entente.foundation.models import OwnedRow


class MailProvider(models.TextChoices):
    """Mail services whose events are understood."""

    SENDGRID = "sendgrid", "SendGrid"
    MAILGUN = "mailgun", "Mailgun"


class MailHook(OwnedRow):
    """An address at which a mail service tells its events, and the key that proves them.

    The key is sealed; it is never shown again. ``key_mark`` tells two keys apart.
    """

    provider = models.CharField(max_length=16, choices=MailProvider)
    sealed_key = models.BinaryField(editable=False)
    key_mark = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)


class MailHookToken(OwnedRow):
    """A token that a mail service signed and that was heard: it opens nothing a second time."""

    hook = models.ForeignKey(MailHook, on_delete=models.PROTECT, related_name="tokens")
    token_mark = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hook", "token_mark"], name="one_hearing_per_token")
        ]


class MailEvent(OwnedRow):
    """One thing that a mail service told of a message.

    Written once; later only a machine's rule is added or what an erasure removes is blanked.
    An open is a count of nobody: it names its version, campaign and day, and no send.
    ``stops_address`` says that nothing more goes to the address. What could not be understood
    is kept with the reason in ``refused_because``.
    """

    class Kind(models.TextChoices):
        """What happened to the message."""

        PROCESSED = "processed", "Taken by the mail service"
        DEFERRED = "deferred", "Put off by the receiving server"
        DELIVERED = "delivered", "Delivered"
        OPEN = "open", "Opened"
        CLICK = "click", "Link followed"
        BOUNCE = "bounce", "Bounced"
        DROPPED = "dropped", "Not sent by the mail service"
        COMPLAINT = "complaint", "Reported as spam"
        UNSUBSCRIBE = "unsubscribe", "Unsubscribed"
        GROUP_UNSUBSCRIBE = "group_unsubscribe", "Unsubscribed from a group"
        GROUP_RESUBSCRIBE = "group_resubscribe", "Subscribed to a group again"

    provider = models.CharField(max_length=16, choices=MailProvider)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    happened_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    hook = models.ForeignKey(MailHook, null=True, on_delete=models.PROTECT, related_name="+")
    send = models.ForeignKey(Send, null=True, on_delete=models.PROTECT, related_name="events")
    found_by = models.CharField(max_length=12, blank=True)
    version = models.ForeignKey(
        "content.Version", null=True, on_delete=models.PROTECT, related_name="+"
    )
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # A keyed hash; the address itself stands at the send and nowhere here.
    address_mark = models.CharField(max_length=64, blank=True)
    address_shown = models.CharField(max_length=254, blank=True)
    message_ref = models.CharField(max_length=255, blank=True)
    group = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    said = models.CharField(max_length=300, blank=True)
    stops_address = models.BooleanField(default=False)
    machine_rule = models.CharField(max_length=24, blank=True)
    refused_field = models.CharField(max_length=64, blank=True)
    refused_because = models.CharField(max_length=300, blank=True)
    # A keyed hash over what the service told: the same event again changes nothing.
    content_key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "content_key"],
                condition=models.Q(refused_because=""),
                name="one_mail_event_per_content",
            ),
            models.UniqueConstraint(
                fields=["org", "content_key"],
                condition=~models.Q(refused_because=""),
                name="one_refused_mail_event_per_content",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="open")
                | models.Q(send__isnull=True, address_mark="", address_shown="", agent=""),
                name="an_open_names_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["send", "happened_at"], name="mail_event_by_send"),
            models.Index(fields=["campaign", "kind"], name="mail_event_by_campaign"),
            models.Index(fields=["org", "-happened_at", "-id"], name="mail_event_latest"),
            models.Index(
                fields=["org", "address_mark"],
                condition=~models.Q(address_mark=""),
                name="mail_event_by_address",
            ),
        ]


class AddressRelease(OwnedRow):
    """Somebody found that an address may be written to again, and why."""

    address_mark = models.CharField(max_length=64)
    event = models.ForeignKey(MailEvent, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    released_at = models.DateTimeField()
    released_by_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "address_mark"], name="address_release_by_mark")]

"""Records of permission: each is written once; the state at any moment follows from them."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class Channel(models.TextChoices):
    """How somebody is reached; ``any`` in a withdrawal means all of them."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    PHONE = "phone", "Telephone"
    FAX = "fax", "Fax"
    POST = "post", "Post"
    IN_PERSON = "in_person", "In person"
    WEB = "web", "Web"
    SOCIAL = "social", "Social media"
    APP = "app", "App message"
    ANY = "any", "Any channel"


class Purpose(models.TextChoices):
    """What somebody is reached for."""

    PROMOTION = "promotion", "Product information"
    EDUCATION = "education", "Disease education"
    MEDICAL = "medical", "Medical information"
    EVENT = "event", "Events"
    DISCLOSURE = "disclosure", "Disclosure of payments"
    SHARING = "sharing", "Passing on to a partner"


class Record(OwnedRow):
    """What captures and withdrawals have in common: who, towards whom, how, for what."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=16, choices=Channel)
    product = models.ForeignKey(
        "directory.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    topic = models.ForeignKey(
        "consent.Topic", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=64)
    actor_id = models.UUIDField(null=True)
    import_hash = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Capture(Record):
    """A permission as given: the words shown, when, how, and where the proof lies.

    Without a proof it permits nothing; with ``needs_confirmation`` it permits nothing until
    the person has confirmed it.
    """

    purpose = models.CharField(max_length=16, choices=Purpose)
    wording_version = models.CharField(max_length=64, blank=True)
    # Under which country's law it was given; empty in records of a time that did not note it.
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    method = models.CharField(max_length=32)
    proof_ref = models.CharField(max_length=200, blank=True)
    captured_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    needs_confirmation = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["hcp", "controller", "channel", "purpose", "-captured_at"],
                name="captures_of_person",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["org", "import_hash"], name="capture_imported_once"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(topic__isnull=True),
                name="capture_of_one_subject",
            ),
        ]


class Confirmation(OwnedRow):
    """The second step of a double opt-in."""

    capture = models.OneToOneField(Capture, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_at = models.DateTimeField()
    source = models.CharField(max_length=64)


class Withdrawal(Record):
    """A permission taken back; an empty purpose means all purposes."""

    purpose = models.CharField(max_length=16, choices=Purpose, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField()
    # The record of another organisation that this one repeats, because its words named us.
    relayed_from = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["hcp", "controller", "-withdrawn_at"], name="withdrawals_of_person"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["org", "import_hash"], name="withdrawal_imported_once"),
            models.UniqueConstraint(
                fields=["controller", "relayed_from"], name="withdrawal_relayed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True) | models.Q(topic__isnull=True),
                name="withdrawal_of_one_subject",
            ),
        ]


class Suppression(OwnedRow):
    """A stop to everything, by the person or by law; it beats every permission.

    ``address_mark`` is a keyed hash of the address, so that the stop outlives an erasure.
    """

    class Kind(models.TextChoices):
        """Who asked for the stop."""

        STOP = "stop", "Asked by the person"
        NEVER = "never", "Required by law"

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STOP)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=64)
    address_mark = models.CharField(max_length=64, blank=True)
    suppressed_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["hcp", "-suppressed_at"], name="suppressions_of_person")]


class Preference(OwnedRow):
    """How often, and from when again; the newest record holds, an older one is history."""

    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    emails_30d = models.PositiveSmallIntegerField(null=True)
    emails_7d = models.PositiveSmallIntegerField(null=True)
    paused_until = models.DateField(null=True)
    source = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["hcp", "-set_at"], name="preferences_of_person")]

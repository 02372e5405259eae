"""Events of one company or two: need, people, places, costs, and who came."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from entente.foundation.models import OwnedRow
from entente.foundation.models.agreement import Side


class Event(OwnedRow):
    """The header of an event; the company that set it up owns it, each party has a side."""

    class Kind(models.TextChoices):
        """Kinds of event."""

        WEBINAR = "webinar", "Webinar"
        SYMPOSIUM = "symposium", "Symposium"
        CONGRESS = "congress", "Congress"
        BOARD = "board", "Advisory board"
        SPEAKER = "speaker", "Speaker programme"
        LUNCH = "lunch", "Lunch-and-learn"
        CASES = "cases", "Case series"
        CME = "cme", "Accredited education (CME)"

    class Status(models.TextChoices):
        """Where an event stands."""

        DRAFT = "draft", "Being planned"
        OPEN = "open", "Open for registration"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    class Setting(models.TextChoices):
        """Where it takes place."""

        VIRTUAL = "virtual", "On line"
        OFFICE = "office", "Practice or office"
        HOSPITAL = "hospital", "Hospital"
        RESTAURANT = "restaurant", "Restaurant"
        CONFERENCE = "conference", "Conference venue"

    class VenueClass(models.TextChoices):
        """How the venue is regarded."""

        MODEST = "modest", "Modest"
        STANDARD = "standard", "Standard business"
        HIGH_END = "high_end", "High end"
        LUXURY = "luxury_resort", "Luxury or resort"
        ENTERTAINMENT = "entertainment", "Known for entertainment"

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    topic = models.CharField(max_length=120)
    campaign = models.ForeignKey(
        "alliances.Campaign", null=True, on_delete=models.PROTECT, related_name="+"
    )
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    need = models.TextField(max_length=4000, blank=True)
    criteria = models.TextField(max_length=4000, blank=True)
    need_recorded_at = models.DateTimeField(null=True)
    need_recorded_by_id = models.UUIDField(null=True)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    setting = models.CharField(max_length=12, choices=Setting)
    venue = models.CharField(max_length=200, blank=True)
    venue_class = models.CharField(max_length=16, choices=VenueClass, default=VenueClass.MODEST)
    places = models.PositiveIntegerField()
    has_alcohol = models.BooleanField(default=False)
    has_entertainment = models.BooleanField(default=False)
    pays_lodging = models.BooleanField(default=False)
    takes_guests = models.BooleanField(default=False)
    has_representative = models.BooleanField(default=True)
    accreditor = models.CharField(max_length=200, blank=True)
    guidelines_ref = models.CharField(max_length=200, blank=True)
    spend_published = models.BooleanField(default=False)
    is_certified = models.BooleanField(default=False)
    decided_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="event_has_places"),
        ]
        indexes = [models.Index(fields=["org", "-starts_at", "-id"], name="event_latest")]

    def __str__(self) -> str:
        return self.title


class EventSide(Side):
    """A party of an event; ``share`` is its part of the costs (0 to 1)."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sides")
    share = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "org"], name="one_side_per_event_and_org"),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1), name="event_share_from_0_to_1"
            ),
        ]


class EventCredit(OwnedRow):
    """Credits that an accreditor grants for attending, of one type."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="credits")
    credit_type = models.CharField(max_length=40)
    hundredths = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "credit_type"], name="one_credit_per_type")
        ]

    @property
    def credits(self) -> Decimal:
        """How many, as people write it."""
        return Decimal(self.hundredths) / 100


class EventSpeaker(OwnedRow):
    """Somebody who speaks or teaches, chosen after need and criteria were recorded."""

    class Part(models.TextChoices):
        """What somebody does at an event."""

        SPEAKER = "speaker", "Speaker"
        CHAIR = "chair", "Chair"
        FACULTY = "faculty", "Faculty"
        ADVISER = "adviser", "Adviser"

    class Standing(models.TextChoices):
        """What the gate says of the fee."""

        CLEARED = "cleared", "In order"
        REFERRED = "referred", "Needs a person"
        BREACH = "breach", "Against a rule"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="speakers")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, choices=Part)
    chosen_because = models.TextField(max_length=1000)
    fee_minor = models.BigIntegerField(default=0)
    fair_value_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    contract_ref = models.CharField(max_length=100, blank=True)
    contract_signed_on = models.DateField(null=True)
    conflicts = models.TextField(max_length=1000, blank=True)
    conflicts_declared_on = models.DateField(null=True)
    standing = models.CharField(max_length=10, choices=Standing)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "hcp"],
                condition=models.Q(removed_at__isnull=True),
                name="one_part_per_event_and_hcp",
            )
        ]
        indexes = [models.Index(fields=["hcp"], name="event_speaker_by_hcp")]


class EventCost(OwnedRow):
    """A cost of an event, paid by the company that owns the row."""

    class Category(models.TextChoices):
        """What money is spent on."""

        VENUE = "venue", "Venue"
        CATERING = "catering", "Food and drink"
        FEES = "fees", "Fees"
        TRAVEL = "travel", "Travel and lodging"
        PRINT = "print", "Material"
        PLATFORM = "platform", "Platform and technology"
        OTHER = "other", "Other"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="costs")
    category = models.CharField(max_length=10, choices=Category)
    currency = models.CharField(max_length=3)
    estimate_minor = models.BigIntegerField(default=0)
    committed_minor = models.BigIntegerField(default=0)
    actual_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "org", "category", "currency"], name="one_cost_per_category"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    estimate_minor__gte=0, committed_minor__gte=0, actual_minor__gte=0
                ),
                name="event_cost_not_negative",
            ),
        ]


class Invitation(OwnedRow):
    """An invitation by one of the parties to one HCP, and what the gate says of it."""

    class Status(models.TextChoices):
        """Where an invitation stands."""

        FORBIDDEN = "forbidden", "Must not go"
        REFERRED = "referred", "Needs a person"
        QUEUED = "queued", "Waiting to leave"
        SENT = "sent", "Sent"
        WITHHELD = "withheld", "Held back at the last check"
        REFUSED = "refused", "Refused by the receiving server"
        PARKED = "parked", "Outcome unknown"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="invitations")
    hcp = models.ForeignKey("directory.Hcp", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey(
        "directory.LegalEntity", on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    decision = models.ForeignKey("policy.Decision", on_delete=models.PROTECT, related_name="+")
    sender_role = models.CharField(max_length=32)
    requested_by_id = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "org", "hcp"], name="one_invitation_per_event_and_hcp"
            )
        ]
        indexes = [
            models.Index(fields=["hcp", "-requested_at"], name="invitation_by_hcp"),
        ]


class Attendee(OwnedRow):
    """Somebody who registered or walked in; the parties see those who agreed to be seen by them."""

    class Status(models.TextChoices):
        """Where an attendee stands."""

        REGISTERED = "registered", "Has a place"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Cancelled"
        ATTENDED = "attended", "Was there"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendees")
    hcp = models.ForeignKey("directory.Hcp", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    # Numbered in the order of arrival; whoever waits moves up by it.
    ticket = models.PositiveIntegerField()
    registered_at = models.DateTimeField()
    seen_by = ArrayField(models.UUIDField(), default=list)
    is_walk_in = models.BooleanField(default=False)
    is_speaker = models.BooleanField(default=False)
    checked_in_at = models.DateTimeField(null=True)
    checked_in_by_id = models.UUIDField(null=True)
    signature = models.TextField(max_length=20_000, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    certificate = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "ticket"], name="one_ticket_per_number"),
            models.UniqueConstraint(
                # A partner may take in somebody whom only the organiser has on the list.
                fields=["event", "org", "hcp"],
                condition=models.Q(hcp__isnull=False),
                name="one_attendee_per_event_and_hcp",
            ),
        ]
        indexes = [models.Index(fields=["hcp"], name="attendee_by_hcp")]

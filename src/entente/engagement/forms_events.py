"""What people fill in about events."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from entente.directory import reads as directory
from entente.engagement.domain.gathering import CREDIT_TYPES, EventPlan
from entente.engagement.models import Event, EventCost, EventSpeaker
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError

MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget)


class EventForm(forms.Form):
    """An event as it is planned."""

    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=Event.Kind.choices)
    topic = forms.CharField(
        label="Topic", max_length=120,
        help_text="The same words for the same topic: whoever heard it before is asked about.",
    )  # fmt: skip
    places = forms.IntegerField(label="Places", min_value=1, max_value=100_000)
    starts_at = _moment("Begins")
    ends_at = _moment("Ends")
    time_zone = forms.CharField(label="Time zone of the venue", max_length=64)
    country = forms.CharField(label="Country", min_length=2, max_length=2)
    setting = forms.ChoiceField(label="Where", choices=Event.Setting.choices, initial="hospital")
    venue = forms.CharField(label="Venue", max_length=200, required=False)
    venue_class = forms.ChoiceField(
        label="How the venue is regarded", choices=Event.VenueClass.choices
    )
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)
    partner = forms.TypedChoiceField(
        label="Together with", coerce=UUID, required=False, empty_value=None
    )
    partner_share = forms.DecimalField(
        label="The partner’s part of the costs, in percent", min_value=0, max_value=100,
        decimal_places=2, required=False, initial=50,
    )  # fmt: skip
    accreditor = forms.CharField(label="Accredited by", max_length=200, required=False)
    guidelines_ref = forms.CharField(label="Held under", max_length=200, required=False)
    has_representative = forms.BooleanField(
        label="One of us is there", required=False, initial=True
    )
    has_alcohol = forms.BooleanField(label="We pay for alcohol", required=False)
    has_entertainment = forms.BooleanField(label="There is entertainment", required=False)
    pays_lodging = forms.BooleanField(label="We pay for hotel nights", required=False)
    takes_guests = forms.BooleanField(label="Spouses or guests may come", required=False)
    spend_published = forms.BooleanField(label="What is spent is published", required=False)
    is_certified = forms.BooleanField(label="A signatory certified it", required=False)

    def __init__(self, *given: Any, org_id: UUID, event: Event | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        entities = list(directory.legal_entities(org_id))
        self.fields["controller"].choices = [(e.id, e.name) for e in entities]  # type: ignore[attr-defined]
        partners = [(o.id, o.name) for o in directory.organisations_visible() if o.id != org_id]
        self.fields["partner"].choices = [("", "Nobody"), *partners]  # type: ignore[attr-defined]
        if entities:
            self.fields["controller"].initial = entities[0].id
            self.fields["country"].initial = entities[0].country
        if event is not None:
            # Who takes part was settled when it was set up.
            del self.fields["partner"], self.fields["partner_share"]
            self._fill(event)

    def _fill(self, event: Event) -> None:
        zone = ZoneInfo(event.time_zone)
        for name in self.fields:
            value = getattr(event, f"{name}_id", None) or getattr(event, name, None)
            self.initial[name] = value
        for name in ("starts_at", "ends_at"):
            self.initial[name] = getattr(event, name).astimezone(zone).strftime(MOMENT)

    def plan(self) -> EventPlan:
        """Give the plan; its times are clock times at the venue.

        Raises
        ------
        UserError
            If the zone is unknown.
        """
        found = dict(self.cleaned_data)
        found.pop("partner", None), found.pop("partner_share", None)
        try:
            zone = ZoneInfo(found["time_zone"])
        except (ValueError, OSError):
            raise UserError(
                "give a time zone such as America/New_York", field="time_zone"
            ) from None
        for name in ("starts_at", "ends_at"):
            # What the form took for the reader's own zone is meant for the venue's.
            found[name] = found[name].replace(tzinfo=zone).astimezone(UTC)
        found["controller_id"] = found.pop("controller")
        return EventPlan(**found)

    def shares(self) -> dict[UUID, Decimal]:
        """Give each partner's part of the costs, from 0 to 1."""
        partner = self.cleaned_data.get("partner")
        if not partner:
            return {}
        return {partner: Decimal(self.cleaned_data.get("partner_share") or 0) / 100}

    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


class NeedForm(forms.Form):
    """Why an event is needed, and by what its people are chosen."""

    need = forms.CharField(
        label="The need", max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What HCPs lack, and how that is known.",
    )  # fmt: skip
    criteria = forms.CharField(
        label="Criteria for choosing people", max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class SpeakerForm(forms.Form):
    """Who speaks, why this person, and for how much."""

    npi = forms.CharField(label="HCP: name or NPI", max_length=100)
    part = forms.ChoiceField(label="Part", choices=EventSpeaker.Part.choices)
    chosen_because = forms.CharField(
        label="By which of the criteria", max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    fee = forms.CharField(label="Fee", max_length=20, initial="0")
    fair_value = forms.CharField(label="Fair market value, at most", max_length=20, initial="0")
    currency = forms.CharField(label="Currency", min_length=3, max_length=3, initial="USD")
    contract_ref = forms.CharField(label="Contract", max_length=100, required=False)
    contract_signed_on = forms.DateField(
        label="Signed on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    contract_days = forms.IntegerField(
        label="Days the contract runs", min_value=1, max_value=10_000, required=False
    )
    fair_value_ref = forms.CharField(
        label="Where the fair market value was worked out", max_length=100, required=False
    )
    providers_needed = forms.IntegerField(label="People the need asks for", min_value=1, initial=1)
    pay_set_in_advance = forms.NullBooleanField(label="Pay was set in advance", required=False)
    varies_with_referrals = forms.NullBooleanField(
        label="Pay varies with prescriptions or referrals", required=False
    )
    keeps_records = forms.NullBooleanField(label="Records of the work are kept", required=False)
    has_disclosure_clause = forms.NullBooleanField(
        label="The contract obliges to declare the tie", required=False
    )

    SAID = (
        "part", "chosen_because", "currency", "contract_ref", "contract_signed_on",
        "contract_days", "fair_value_ref", "providers_needed", "pay_set_in_advance",
        "varies_with_referrals", "keeps_records", "has_disclosure_clause",
    )  # fmt: skip

    def amounts(self) -> tuple[int, int]:
        """Give fee and fair value in minor units.

        Raises
        ------
        UserError
        """
        found = []
        for name in ("fee", "fair_value"):
            try:
                found.append(to_minor(self.cleaned_data[name], self.cleaned_data["currency"]))
            except MoneyError as trouble:
                raise UserError(str(trouble), field=name) from None
        return found[0], found[1]


class CostForm(forms.Form):
    """What a category costs one's own company."""

    category = forms.ChoiceField(label="Category", choices=EventCost.Category.choices)
    currency = forms.CharField(label="Currency", min_length=3, max_length=3, initial="USD")
    estimate = forms.CharField(label="Estimate", max_length=20, initial="0")
    committed = forms.CharField(label="Committed", max_length=20, initial="0")
    actual = forms.CharField(label="Actual", max_length=20, initial="0")

    def amounts(self) -> dict[str, int]:
        """Give the three amounts in minor units.

        Raises
        ------
        UserError
        """
        found = {}
        for name in ("estimate", "committed", "actual"):
            try:
                found[name] = to_minor(self.cleaned_data[name], self.cleaned_data["currency"])
            except MoneyError as trouble:
                raise UserError(str(trouble), field=name) from None
        return found


class CreditForm(forms.Form):
    """Credits of one type."""

    credit_type = forms.ChoiceField(label="Type", choices=[(name, name) for name in CREDIT_TYPES])
    credits = forms.DecimalField(label="Credits", min_value=0, max_value=100, decimal_places=2)


class RegistrationForm(forms.Form):
    """What somebody who registers says."""

    name = forms.CharField(label="Name on the list and the badge", max_length=200)
    email = forms.EmailField(label="E-mail for changes and the certificate", required=False)
    seen_by = forms.MultipleChoiceField(
        label="Who may know that you come", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *given: Any, parties: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["seen_by"].choices = parties  # type: ignore[attr-defined]


class WalkInForm(forms.Form):
    """Somebody who had not registered."""

    name = forms.CharField(label="Name or NPI", max_length=200)


class PresenceForm(forms.Form):
    """A webinar platform's list of who was there."""

    file = forms.FileField(label="Attendance file (CSV)")

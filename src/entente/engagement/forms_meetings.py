"""What people fill in about meetings at a congress."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from entente.directory.reads.territories import colleagues
from entente.engagement.domain.call import LONGEST_NOTE
from entente.engagement.domain.meetings import LONGEST_TOPIC, MOST_SLOTS, MOST_TABLES
from entente.engagement.forms_calls import REACTIONS
from entente.engagement.forms_events import MOMENT
from entente.engagement.models import Event, MeetingPlace, MeetingSlot
from entente.foundation.access.scope import Scope
from entente.foundation.errors import UserError


def hour_of(slot: MeetingSlot, event: Event) -> str:
    """Give a slot's time where the congress is, with its day."""
    zone = ZoneInfo(event.time_zone)
    begins, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return f"{begins:%a, %-d %b, %H:%M}–{ends:%H:%M}"


class Blamed(forms.Form):
    """A form that puts an act's error at the field it is about."""

    def blame(self, trouble: UserError) -> None:
        """Put an error at its field, or above all of them."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


class PlaceForm(Blamed):
    """A room or corner of the stand."""

    name = forms.CharField(label="Room or corner", max_length=120)
    n_tables = forms.IntegerField(label="Tables", min_value=1, max_value=MOST_TABLES, initial=1)


class HoursForm(Blamed):
    """Hours that a host opens."""

    place = forms.TypedChoiceField(label="Where", coerce=UUID)
    host = forms.TypedChoiceField(label="Host", coerce=UUID)
    first_at = forms.DateTimeField(
        label="From", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text="Clock time at the venue.",
    )  # fmt: skip
    minutes = forms.IntegerField(label="Minutes each", min_value=5, max_value=240, initial=20)
    n_slots = forms.IntegerField(
        label="How many one after the other", min_value=1, max_value=MOST_SLOTS, initial=6
    )
    pause_minutes = forms.IntegerField(
        label="Minutes between them", min_value=0, max_value=240, initial=0
    )

    def __init__(
        self, *given: Any, event: Event, places: list[MeetingPlace], scope: Scope, **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*given, **more)
        self.zone = ZoneInfo(event.time_zone)
        self.fields["place"].choices = [(p.id, p.name) for p in places]  # type: ignore[attr-defined]
        opens_others = bool(scope.may & {"event.write", "event.agree"})
        people = [(u.id, u.name) for u in colleagues() if opens_others or u.id == scope.actor_id]
        self.fields["host"].choices = people  # type: ignore[attr-defined]
        self.fields["host"].initial = scope.actor_id
        self.fields["first_at"].initial = event.starts_at.astimezone(self.zone).strftime(MOMENT)

    def first(self) -> datetime:
        """Give the first moment; what was written is the venue's clock."""
        written: datetime = self.cleaned_data["first_at"]
        return written.replace(tzinfo=self.zone).astimezone(UTC)


class BookForm(Blamed):
    """For whom a slot is booked."""

    hcp = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Choose the HCP.", "invalid": "Choose the HCP from the list."},
    )
    topic = forms.CharField(label="About", max_length=LONGEST_TOPIC, required=False)
    was_requested = forms.BooleanField(label="The HCP asked for it", required=False)


class DoneForm(Blamed):
    """How a meeting went."""

    reaction = forms.ChoiceField(
        label="Reaction", choices=REACTIONS, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Nothing that tells who a patient is.",
    )  # fmt: skip


class MoveForm(Blamed):
    """Where a meeting is moved to."""

    slot = forms.TypedChoiceField(label="To", coerce=UUID)

    def __init__(self, *given: Any, slots: list[MeetingSlot], event: Event, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (s.id, f"{hour_of(s, event)} · {s.host_name} · {s.place.name}") for s in slots
        ]

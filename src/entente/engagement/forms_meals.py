"""What people fill in about a meal of an event, and a calendar that is loaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms

from entente.directory import reads as directory
from entente.engagement.actions.event_meals import Eaten
from entente.engagement.forms import currency_of
from entente.engagement.forms_meetings import Blamed
from entente.engagement.models import Attendee, Event, Expense
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError


class EventMealForm(Blamed):
    """A meal of an event: where, how much, who ate."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Meal", choices=Expense.Kind.choices, initial="lunch")
    spent_on = forms.DateField(
        label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    venue = forms.CharField(label="Where it was eaten", max_length=200)
    total = forms.CharField(label="Total with tax and tip", max_length=20)
    currency = forms.CharField(label="Currency", min_length=3, max_length=3)
    payer = forms.TypedChoiceField(label="Paid by", coerce=UUID)
    with_discussion = forms.BooleanField(
        label="With a scientific or educational discussion", required=False, initial=True
    )
    attendees = forms.MultipleChoiceField(
        label="Who ate of those who were there", widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    staff = forms.CharField(
        label="Your own people who ate", required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One name a line; they count in the division.",
    )  # fmt: skip

    def __init__(self, *given: Any, event: Event, there: list[Attendee], **more: Any) -> None:
        super().__init__(*given, **more)
        self.event = event
        self.fields["attendees"].choices = [  # type: ignore[attr-defined]
            (str(a.id), f"{a.name}{'' if a.hcp_id else ' (not in the directory)'}") for a in there
        ]
        entities = [(e.id, e.name) for e in directory.legal_entities(current_scope().org_id)]
        self.fields["payer"].choices = entities  # type: ignore[attr-defined]
        self.fields["client_id"].initial = uuid4()
        self.fields["venue"].initial = event.venue
        self.fields["currency"].initial = currency_of(event.country)
        day = event.starts_at.astimezone(ZoneInfo(event.time_zone)).date()
        self.fields["spent_on"].initial = day
        # Who ate is said and not assumed: a meal is reported of those who had it.
        self.fields["attendees"].initial = []

    def eaten(self) -> Eaten:
        """Give the meal that was filled in.

        Raises
        ------
        UserError
            If the amount cannot be read.
        """
        given = self.cleaned_data
        try:
            total = to_minor(given["total"], given["currency"])
        except MoneyError as trouble:
            raise UserError(str(trouble), field="total") from None
        return Eaten(
            client_id=given["client_id"],
            event_id=self.event.id,
            kind=given["kind"],
            venue=given["venue"],
            currency=given["currency"],
            total_minor=total,
            attendee_ids=tuple(UUID(each) for each in given["attendees"]),
            staff=tuple(line.strip() for line in given["staff"].splitlines() if line.strip()),
            payer_id=given["payer"],
            with_discussion=given["with_discussion"],
            spent_on=given["spent_on"],
        )


class CalendarForm(Blamed):
    """A calendar file."""

    file = forms.FileField(
        label="Calendar (.ics) or conference agenda (.json)",
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.json,text/calendar"}),
    )

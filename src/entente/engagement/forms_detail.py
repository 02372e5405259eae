"""What is filled in to plan a remote detail, to end it, and to ask something in a poll."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms

from entente.directory import reads as directory
from entente.engagement.actions.detail_plan import DetailPlan
from entente.engagement.domain.call import LONGEST_NOTE
from entente.engagement.forms_calls import REACTIONS
from entente.engagement.reads import details as reads
from entente.foundation.errors import UserError

JUST_NOW = timedelta(minutes=10)


class DetailForm(forms.Form):
    """A remote detail with one HCP: which items, when, in whose name."""

    items = forms.MultipleChoiceField(
        label="What to show",
        widget=forms.CheckboxSelectMultiple,
        help_text="Approved for the web. The gate is asked about each now, and again whenever"
        " you show it.",
        error_messages={"required": "Choose at least one item."},
    )
    happened_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    was_requested = forms.BooleanField(label="The HCP asked for it", required=False)
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, org_id: UUID, country: str, on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        names = {each.id: each.name for each in directory.organisations_visible()}
        self.fields["items"].choices = [  # type: ignore[attr-defined]
            (str(v.id), _called(v, "" if v.org_id == org_id else names.get(v.org_id, "a partner")))
            for v in reads.choices(on, country)
        ]
        entities = [(e.id, e.name) for e in directory.legal_entities(org_id)]
        self.fields["controller"].choices = entities  # type: ignore[attr-defined]
        if len(entities) == 1:
            self.fields["controller"].widget = forms.HiddenInput()
        if entities:
            self.fields["controller"].initial = entities[0][0]
        self.fields["client_id"].initial = uuid4()

    def plan(self, hcp_id: UUID, at: datetime) -> DetailPlan:
        """Give it as the actions take it; the minute that runs is now, not its beginning."""
        found = self.cleaned_data
        when: datetime = found["happened_at"]
        if timedelta() < at - when < JUST_NOW:
            when = at
        return DetailPlan(
            client_id=found["client_id"] or uuid4(),
            hcp_id=hcp_id,
            controller_id=found["controller"],
            happened_at=when.astimezone(UTC),
            version_ids=tuple(UUID(each) for each in found["items"]),
            was_requested=found["was_requested"],
        )

    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


def _called(version: Any, owner: str) -> str:
    said = f"{version.item.title}, version {version.number}"
    return f"{said} · {owner}" if owner else said


class EndForm(forms.Form):
    """How a remote detail ended: what the record says beside what was measured."""

    reaction = forms.ChoiceField(
        label="Reaction", choices=REACTIONS, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nothing that tells who a patient is.",
    )  # fmt: skip


class TakeBackForm(forms.Form):
    """Why a remote detail is taken back."""

    reason = forms.CharField(label="Why it does not take place", max_length=300)


class PollForm(forms.Form):
    """A question to those who attend, with its choices."""

    question = forms.CharField(label="Question", max_length=300)
    choices = forms.CharField(
        label="Choices, one a line",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Two to eight.",
    )

    def lines(self) -> list[str]:
        """Give the choices."""
        return [each.strip() for each in self.cleaned_data["choices"].splitlines() if each.strip()]

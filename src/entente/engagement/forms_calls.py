"""What people fill in about a call with an HCP: five fields, and what is taken as given."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import Call, ItemShown
from entente.engagement.domain.call import LONGEST_CALL, LONGEST_NOTE
from entente.engagement.models import Touch
from entente.foundation.errors import UserError

ITEM, PRODUCT = "item", "product"
REACTIONS = [*Touch.Reaction.choices, ("", "Not said")]


def matters(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give what a call can be about, grouped: released items first, then products."""
    items = [
        (f"{ITEM}:{v.id}", f"{v.item.title}, version {v.number}")
        for v in content.released_versions(on=on)
    ]
    products = [(f"{PRODUCT}:{p.id}", p.name) for p in directory.products()]
    return [(name, rows) for name, rows in (("Shown", items), ("Spoken of", products)) if rows]


class CallForm(forms.Form):
    """A call that took place, or is planned."""

    MAIN = ("kind", "about", "reaction", "note")

    hcp = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose the HCP you called on.",
            "invalid": "Choose the HCP from the list.",
        },
    )
    kind = forms.ChoiceField(
        label="How", choices=Touch.Kind.choices, initial="visit", widget=forms.RadioSelect
    )
    about = forms.ChoiceField(label="About", required=False)
    reaction = forms.ChoiceField(
        label="Reaction", choices=REACTIONS, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nothing that tells who a patient is.",
    )  # fmt: skip
    happened_at = forms.DateTimeField(
        label="When", required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty for now.",
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="Minutes", min_value=1, max_value=LONGEST_CALL, required=False
    )
    was_requested = forms.BooleanField(label="The HCP asked for it", required=False)
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    planned = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, org_id: UUID, on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["about"].choices = [("", "Nothing in particular"), *matters(on)]  # type: ignore[attr-defined]
        entities = [(e.id, e.name) for e in directory.legal_entities(org_id)]
        self.fields["controller"].choices = entities  # type: ignore[attr-defined]
        if entities:
            self.fields["controller"].initial = entities[0][0]
        if len(entities) == 1:
            self.fields["controller"].widget = forms.HiddenInput()
        self.fields["client_id"].initial = uuid4()

    @property
    def main(self) -> list[forms.BoundField]:
        """The questions that always matter, after who it was."""
        return [self[name] for name in self.MAIN]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is mostly as assumed."""
        shown = ("happened_at", "minutes", "was_requested", "controller")
        return [self[name] for name in shown if not self[name].is_hidden]

    @property
    def kept(self) -> list[forms.BoundField]:
        """What nobody fills in."""
        return [self[name] for name in self.fields if self[name].is_hidden and name != "hcp"]

    def call(self, at: datetime) -> Call:
        """Give the call that was filled in; without a time it was just now."""
        found = self.cleaned_data
        kind, _, matter = found["about"].partition(":")
        when = found["happened_at"]
        return Call(
            client_id=found["client_id"] or uuid4(),
            hcp_id=found["hcp"],
            controller_id=found["controller"],
            kind=found["kind"],
            happened_at=when.astimezone(UTC) if when else at,
            product_id=UUID(matter) if kind == PRODUCT else None,
            shown=(ItemShown(UUID(matter), reaction=found["reaction"]),) if kind == ITEM else (),
            minutes=found["minutes"],
            was_requested=found["was_requested"],
            reaction=found["reaction"],
            note=found["note"],
        )

    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


class AmendForm(CallForm):
    """A corrected record, and why it is corrected."""

    reason = forms.CharField(label="What is corrected, and why", max_length=300)


class TakeOverForm(forms.Form):
    """Why a colleague's plan is taken over."""

    reason = forms.CharField(label="Why you go instead", max_length=300)


class CancelForm(forms.Form):
    """Why a plan is cancelled."""

    reason = forms.CharField(label="Why it does not take place", max_length=300)

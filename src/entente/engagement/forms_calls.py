"""What people fill in about a call with an HCP: five fields, and what is taken as given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import Call, ItemShown
from entente.engagement.domain.call import LONGEST_CALL, LONGEST_NOTE, MOST_SHOWN
from entente.engagement.domain.detailing import as_minutes, seconds_of
from entente.engagement.models import Shown, Touch
from entente.foundation.errors import UserError

ITEM, PRODUCT = "item", "product"
REACTIONS = [*Touch.Reaction.choices, ("", "Not said")]


# Rows for further items; a record that is amended has room for two more than it holds.
MORE, ROOM = 5, 2
Choice = tuple[str, str]


def items_shown(on: date, shown: Sequence[Shown]) -> list[Choice]:
    """Give the items that can have been shown: those released, and those of the record."""
    versions = {v.id: v for v in content.released_versions(on=on)}
    versions |= {each.version_id: each.version for each in shown}
    return [(f"{ITEM}:{v.id}", f"{v.item.title}, version {v.number}") for v in versions.values()]


def matters(items: list[Choice]) -> list[tuple[str, list[Choice]]]:
    """Give what a call can be about, grouped: items first, then products."""
    products = [(f"{PRODUCT}:{p.id}", p.name) for p in directory.products()]
    return [(name, rows) for name, rows in (("Shown", items), ("Spoken of", products)) if rows]


class MinutesField(forms.Field):
    """Minutes as people write them, 3 or 3:25; kept as whole seconds."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "m:ss"})
        super().__init__(required=False, widget=widget, **given)

    def to_python(self, value: Any) -> Any:
        """Read them."""
        try:
            return seconds_of(str(value or "")[:20])
        except ValueError as wrong:
            raise forms.ValidationError(f"{wrong}.") from wrong

    def prepare_value(self, value: Any) -> Any:
        """Write them."""
        return as_minutes(value) if isinstance(value, int) else value


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

    def __init__(
        self, *given: Any, org_id: UUID, on: date, shown: Sequence[Shown] = (), **more: Any
    ) -> None:
        super().__init__(*given, **more)
        items = items_shown(on, shown)
        self.fields["about"].choices = [("", "Nothing in particular"), *matters(items)]  # type: ignore[attr-defined]
        self._add_rows(items, max(MORE, len(shown) - 1 + ROOM))
        entities = [(e.id, e.name) for e in directory.legal_entities(org_id)]
        self.fields["controller"].choices = entities  # type: ignore[attr-defined]
        if entities:
            self.fields["controller"].initial = entities[0][0]
        if len(entities) == 1:
            self.fields["controller"].widget = forms.HiddenInput()
        self.fields["client_id"].initial = uuid4()

    def _add_rows(self, items: list[Choice], wanted: int) -> None:
        """Make room for the minutes of the first item and for further ones."""
        self.n_rows = min(wanted, MOST_SHOWN - 1)
        self.fields["first_minutes"] = MinutesField(label="Minutes on the item above")
        for n in range(1, self.n_rows + 1):
            self.fields[f"item_{n}"] = forms.ChoiceField(
                label=f"Also shown ({n})", required=False, choices=[("", "–"), *items]
            )
            self.fields[f"minutes_{n}"] = MinutesField(label="Minutes")
            self.fields[f"reaction_{n}"] = forms.ChoiceField(
                label="Reaction", required=False, choices=[("", "Not said"), *REACTIONS[:-1]]
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The further items shown, each with its minutes and its reaction."""
        return [
            (self[f"item_{n}"], self[f"minutes_{n}"], self[f"reaction_{n}"])
            for n in range(1, self.n_rows + 1)
        ]

    @property
    def is_unfolded(self) -> bool:
        """Whether something is written about further items."""
        names = ["first_minutes", *(f"item_{n}" for n in range(1, self.n_rows + 1))]
        return any(self[name].value() or self[name].errors for name in names)

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

    def _shown(self) -> tuple[ItemShown, ...]:
        """Give the items in the order filled in, that of the first question first."""
        found = self.cleaned_data
        rows = [(found["about"], found["first_minutes"], found["reaction"])]
        rows += [
            (found[f"item_{n}"], found[f"minutes_{n}"], found[f"reaction_{n}"])
            for n in range(1, self.n_rows + 1)
        ]
        return tuple(
            ItemShown(UUID(what.partition(":")[2]), seconds, reaction)
            for what, seconds, reaction in rows
            if what.startswith(f"{ITEM}:")
        )

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
            shown=self._shown(),
            minutes=found["minutes"],
            was_requested=found["was_requested"],
            reaction=found["reaction"],
            note=found["note"],
        )

    def clean(self) -> Any:
        """Refuse minutes or a reaction without the item that they are about."""
        found = self.cleaned_data
        is_item = found.get("about", "").startswith(f"{ITEM}:")
        if found.get("first_minutes") is not None and not is_item:
            self.add_error("first_minutes", "Choose the item above, under “About”.")
        for n in range(1, self.n_rows + 1):
            said = found.get(f"minutes_{n}") is not None or found.get(f"reaction_{n}")
            if said and not found.get(f"item_{n}") and f"item_{n}" not in self.errors:
                self.add_error(f"item_{n}", "Choose the item that this is about.")
        return found

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

"""What people fill in about leads at a congress stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms

from entente.directory.domain.professions import PROFESSIONS
from entente.directory.reads.territories import colleagues
from entente.engagement.domain.leads import CHANNELS, LONGEST_NOTE, NewLead, Tick
from entente.engagement.forms_meetings import Blamed
from entente.engagement.models import Event, Lead
from entente.engagement.reads.leads import Ask
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError

CHANNEL_NAMES = {"email": "E-mail", "phone": "Telephone", "in_person": "In person"}


class LeadForm(Blamed):
    """Somebody met at a stand: few fields, for a telephone in the hand."""

    MAIN = ("interest", "note")
    FOLDED = ("name", "place", "channel", "origin", "side", "due_on")

    hcp = forms.UUIDField(widget=forms.HiddenInput, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    badge = forms.CharField(
        label="Badge or ticket number", max_length=300, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )  # fmt: skip
    interest = forms.CharField(label="Interested in", max_length=120)
    note = forms.CharField(
        label="Note", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text="Nothing that tells who a patient is.",
    )  # fmt: skip
    email = forms.CharField(
        label="E-mail", max_length=254, required=False,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    ticks = forms.MultipleChoiceField(required=False)
    name = forms.CharField(
        label="Name, if not in the directory", max_length=200, required=False,
    )  # fmt: skip
    place = forms.CharField(label="Works at", max_length=200, required=False)
    channel = forms.ChoiceField(
        label="Permitted way", choices=[(c, CHANNEL_NAMES[c]) for c in CHANNELS], initial="email"
    )
    origin = forms.ChoiceField(label="Met at", choices=Lead.Origin.choices)
    side = forms.TypedChoiceField(label="Followed up by", coerce=UUID)
    due_on = forms.DateField(
        label="Follow up by", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty for a week from now.",
    )  # fmt: skip
    drawing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    captured_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, event: Event, asks: list[Ask], **more: Any) -> None:
        super().__init__(*given, **more)
        self.event, self.asks = event, {ask.code: ask for ask in asks}
        self.fields["ticks"].choices = [(code, code) for code in self.asks]  # type: ignore[attr-defined]
        self.fields["client_id"].initial = uuid4()
        sides = [(side.org_id, side.name) for side in event.sides.all()]
        mine = current_scope().org_id
        sides.sort(key=lambda side: side[0] != mine)
        self.fields["side"].choices = sides  # type: ignore[attr-defined]
        if len(sides) < 2:
            self.fields["origin"].choices = [("own", "Our own stand")]  # type: ignore[attr-defined]

    @property
    def main(self) -> list[forms.BoundField]:
        """The questions that always matter, after who it is."""
        return [self[name] for name in self.MAIN]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is mostly as assumed."""
        return [self[name] for name in self.FOLDED]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The permissions that can be asked for, under the words that ask; none is ticked."""
        ticked = set(self["ticks"].value() or [])
        found: dict[str, dict[str, Any]] = {}
        for code, ask in self.asks.items():
            group = found.setdefault(
                ask.wording_version,
                {"version": ask.wording_version, "text": ask.text, "asks": []},
            )
            group["asks"].append({"code": code, "ask": ask, "is_ticked": code in ticked})
        return list(found.values())

    def lead(self, hcp_id: UUID | None) -> NewLead:
        """Give the lead that was filled in."""
        given = self.cleaned_data
        moment: datetime | None = given["captured_at"]
        if hcp_id is None and not given["name"].strip():
            raise UserError("say who it is: choose the HCP, or write the name", field="name")
        return NewLead(
            client_id=given["client_id"] or uuid4(),
            event_id=self.event.id,
            origin=given["origin"],
            name=given["name"],
            interest=given["interest"],
            hcp_id=hcp_id,
            place=given["place"],
            # A square holds an address; what it ends with is the registration.
            badge=given["badge"].strip().rstrip("/").rsplit("/", 1)[-1],
            email=given["email"],
            channel=given["channel"],
            note=given["note"],
            signature=given["drawing"],
            ticks=tuple(
                Tick(ask.controller_id, ask.purpose, ask.wording_version)
                for ask in (self.asks[code] for code in given["ticks"])
            ),
            side_id=given["side"],
            due_on=given["due_on"],
            captured_at=moment,
        )


class TakeForm(Blamed):
    """Who follows a lead up, by when."""

    owner = forms.TypedChoiceField(label="Followed up by", coerce=UUID)
    due_on = forms.DateField(
        label="By",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"].choices = [(u.id, u.name) for u in colleagues()]  # type: ignore[attr-defined]


class SettleForm(Blamed):
    """What became of a lead."""

    status = forms.ChoiceField(
        label="It was", choices=[("done", "Followed up"), ("rejected", "Rejected")],
        initial="done", widget=forms.RadioSelect,
    )  # fmt: skip
    outcome = forms.CharField(label="What became of it, or why not", max_length=300)


class CandidateForm(Blamed):
    """Somebody whom the directory does not know."""

    family_name = forms.CharField(label="Family name", max_length=200)
    given_name = forms.CharField(label="Given name", max_length=200, required=False)
    profession = forms.ChoiceField(
        label="Profession",
        choices=[(code, code.replace("_", " ").capitalize()) for code in PROFESSIONS],
    )
    country = forms.CharField(label="Country", min_length=2, max_length=2)
    city = forms.CharField(label="Town", max_length=120, required=False)

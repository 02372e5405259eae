"""Forms with which staff record permissions and withdrawals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from entente.consent import reads
from entente.consent.models.records import Channel, Purpose
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope

CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]
METHODS = (
    ("form", "Signed form"),
    ("web_form", "Web form"),
    ("recorded_call", "Recorded call"),
    ("event_badge", "Badge scan with text shown"),
    ("in_person", "In person, on a screen"),
)


def controllers() -> list[tuple[str, str]]:
    """Give the legal entities of the present organisation as choices."""
    return [(str(e.id), e.name) for e in directory.legal_entities(current_scope().org_id)]


def subjects() -> list[tuple[str, Any]]:
    """Give the products and topics that a permission can be about."""
    return [
        ("", "All"),
        ("Topics", [(f"topic {t.id}", t.name) for t in reads.topics()]),
        ("Products", [(f"product {p.id}", p.name) for p in directory.products()]),
    ]


def split_subject(given: dict[str, Any]) -> dict[str, Any]:
    """Turn the chosen subject of a form into the arguments of an action."""
    kind, _, chosen = given.pop("subject", "").partition(" ")
    return given | ({f"{kind}_id": UUID(chosen)} if chosen else {})


class CaptureForm(forms.Form):
    """A permission, with the words shown and the proof."""

    controller_id = forms.ChoiceField(label="Permission towards", choices=controllers)
    channel = forms.ChoiceField(choices=CHANNELS)
    purpose = forms.ChoiceField(choices=Purpose.choices)
    subject = forms.ChoiceField(label="Product or topic", choices=subjects, required=False)
    wording_version = forms.CharField(label="Version of the words shown", max_length=64)
    method = forms.ChoiceField(label="How it was given", choices=METHODS)
    proof_ref = forms.CharField(
        label="Where the proof lies",
        max_length=200,
        help_text="Number of the form, of the recording, or of the log entry.",
    )
    captured_at = forms.DateTimeField(
        label="Given at (UTC)", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: as long as permissions hold in the person's country.",
    )
    needs_confirmation = forms.BooleanField(
        label="Ask the person by e-mail to confirm it",
        required=False,
        help_text="Until then it permits nothing.",
    )


class WithdrawForm(forms.Form):
    """A permission taken back."""

    controller_id = forms.ChoiceField(label="Towards", choices=controllers)
    channel = forms.ChoiceField(choices=[("any", "Any channel"), *CHANNELS])
    purpose = forms.ChoiceField(choices=[("", "All purposes"), *Purpose.choices], required=False)
    subject = forms.ChoiceField(label="Product or topic", choices=subjects, required=False)
    reason = forms.CharField(max_length=300, required=False)

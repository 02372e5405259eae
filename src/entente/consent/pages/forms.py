"""Forms with which staff record permissions and withdrawals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from entente.consent import reads
from entente.consent.models import SubjectRequest
from entente.consent.models.records import Channel, Purpose
from entente.consent.pages.languages import LANGUAGES
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError

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


class RequestForm(forms.Form):
    """What a person asks about his own data."""

    kind = forms.ChoiceField(label="What is asked", choices=SubjectRequest.Kind.choices)
    source = forms.ChoiceField(
        label="How it came",
        choices=[
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("telephone", "Telephone"),
            ("in_person", "In person"),
        ],
    )
    received_at = forms.DateTimeField(
        label="Received at (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="The month to answer starts here.",
    )
    words = forms.CharField(
        label="In the person's words",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RetentionForm(forms.Form):
    """How long one kind of thing is kept."""

    purpose = forms.CharField(label="Kept for", max_length=200)
    keep_days = forms.IntegerField(label="Days after the event", min_value=0, max_value=36_525)
    because = forms.CharField(
        label="Why so long", max_length=300, help_text="The law or need behind the number."
    )


def _named() -> list[tuple[str, str]]:
    return [(str(e.id), e.name) for e in directory.legal_entities_visible()]


def _shown_subjects() -> list[tuple[str, str]]:
    topics = [(str(t.id), t.name) for t in reads.topics()]
    return topics + [(str(p.id), p.name) for p in directory.products()]


class WordingForm(forms.Form):
    """A new version of the words, and what they show."""

    version = forms.CharField(max_length=64, help_text="For example DE-2027-1.")
    controller_id = forms.ChoiceField(label="Company that asks", choices=controllers)
    country = forms.RegexField(
        regex=r"^[A-Z]{2}$", max_length=2, help_text="Two capitals, for example DE."
    )
    language = forms.ChoiceField(choices=LANGUAGES)
    text = forms.CharField(
        label="The words",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="As the person reads them. They cannot change once they are in use.",
    )
    controllers = forms.MultipleChoiceField(
        label="Other companies that the words name",
        choices=_named,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="An opt-out is told to each of them within minutes; an opt-in never is.",
    )
    channels = forms.MultipleChoiceField(
        label="Channels that the words show", choices=CHANNELS, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label="Purposes that the words show",
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.MultipleChoiceField(
        label="Only these topics and products",
        choices=_shown_subjects,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: the words name no topic in particular.",
    )


class CountryRuleForm(forms.Form):
    """What permissions on a channel need in a country."""

    country = forms.RegexField(
        regex=r"^[A-Z]{2}$", max_length=2, help_text="Two capitals, for example DE."
    )
    channel = forms.ChoiceField(choices=CHANNELS)
    keeps_months = forms.IntegerField(
        label="A permission holds so many months",
        min_value=1,
        max_value=120,
        required=False,
        help_text="Empty: it has no end of its own.",
    )
    needs_own_wording = forms.BooleanField(
        label="Only words written for this country count", required=False, initial=True
    )
    needs_confirmation = forms.BooleanField(
        label="Each permission is confirmed by a second step", required=False
    )


def refuse(form: forms.Form, wrong: UserError) -> None:
    """Show beside its field, or above the form, what an action refused."""
    form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))

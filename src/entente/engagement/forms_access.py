"""What people fill in about access and support: a case, a step, a programme."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from entente.directory import reads as directory
from entente.engagement.forms_inquiries import NO_PATIENT, Blaming
from entente.engagement.models import AccessCase, AccessStep, Inquiry, SupportProgramme
from entente.engagement.reads import access as reads

STEPS = [each for each in AccessStep.Kind.choices
         if each[0] in ("note", "bridge", "coordinator", "payer", "template")]  # fmt: skip


class CaseForm(Blaming):
    """What a clinic needs."""

    kind = forms.ChoiceField(label="Needed", choices=AccessCase.Kind.choices)
    request = forms.CharField(
        label="What the clinic asks",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_PATIENT,
    )
    priority = forms.ChoiceField(label="How soon", choices=Inquiry.Priority.choices)
    programme = forms.TypedChoiceField(
        label="Programme", coerce=UUID, required=False, empty_value=None
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        known = [(p.id, p.name) for p in reads.programmes().order_by("name")[:200]]
        self.fields["programme"].choices = [("", "None yet"), *known]  # type: ignore[attr-defined]


class StepForm(Blaming):
    """What was done."""

    kind = forms.ChoiceField(label="What was done", choices=STEPS)
    version = forms.TypedChoiceField(
        label="Template", coerce=UUID, required=False, empty_value=None,
        help_text="Of a template that was given: which.",
    )  # fmt: skip
    note = forms.CharField(
        label="Note",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_PATIENT,
    )

    def __init__(self, *given: Any, on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        found = reads.templates(on=on)
        self.fields["version"].choices = [("", "None"), *found]  # type: ignore[attr-defined]


class CloseForm(Blaming):
    """What came of it."""

    outcome = forms.CharField(
        label="What came of it",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_PATIENT,
    )


class ProgrammeForm(Blaming):
    """A programme or resource."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=SupportProgramme.Kind.choices)
    what = forms.CharField(
        label="What it does", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    for_whom = forms.CharField(label="For whom", max_length=300)
    country = forms.CharField(label="Country", max_length=2, min_length=2, initial="US")
    url = forms.URLField(label="Address", required=False, assume_scheme="https")
    product = forms.TypedChoiceField(label="Product", coerce=UUID, required=False, empty_value=None)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        products = [("", "None in particular"), *((p.id, p.name) for p in directory.products())]
        self.fields["product"].choices = products  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        """Write the country as ISO does."""
        return str(self.cleaned_data["country"]).upper()

"""What medical staff fill in: an insight, its answer, a need, criteria, a choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from entente.directory import reads as directory
from entente.engagement.forms_inquiries import NO_PATIENT, Blaming
from entente.engagement.models import Insight


class InsightForm(Blaming):
    """What was learned."""

    kind = forms.ChoiceField(label="What it is", choices=Insight.Kind.choices)
    words = forms.CharField(
        label="What was learned",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_PATIENT,
    )
    product = forms.TypedChoiceField(label="Product", coerce=UUID, required=False, empty_value=None)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        products = [("", "None in particular"), *((p.id, p.name) for p in directory.products())]
        self.fields["product"].choices = products  # type: ignore[attr-defined]


class InsightAnswerForm(Blaming):
    """What the HCP was told, or why there is nothing to tell."""

    answer = forms.CharField(
        label="Answer", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    to_hcp = forms.BooleanField(label="The HCP was told", required=False, initial=True)


class NeedForm(Blaming):
    """What is to be learned, and how many people are needed for it."""

    title = forms.CharField(label="Title", max_length=200)
    need = forms.CharField(
        label="What is to be learned, and why advice is needed for it",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    n_wanted = forms.IntegerField(label="People needed", min_value=1, max_value=200)


class CriteriaForm(Blaming):
    """By what people are chosen."""

    criteria = forms.CharField(
        label="By what people are chosen",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Expertise, not prescribing. Neither need nor criteria change afterwards.",
    )


class ChoiceForm(Blaming):
    """Who, and how the criteria fit."""

    hcp = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(label="How the criteria fit", max_length=500)

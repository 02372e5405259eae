"""Forms of studies, of references that wait for a look, and of co-authors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from entente.content.actions import Authorship, Source, StudyPlan
from entente.content.actions.studies import BEGINS_AS
from entente.content.domain.studies import STUDY_WORDS
from entente.content.models import Study
from entente.content.reads import studies
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def first_error(form: forms.Form) -> str:
    """Give the first thing that is wrong with a form, after the name of its field."""
    for name, errors in form.errors.items():
        label = form.fields[name].label or name.replace("_", " ") if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""


class StudyForm(forms.Form):
    """A new study."""

    title = forms.CharField(max_length=300)
    protocol = forms.CharField(
        max_length=100, label="Protocol reference", help_text="Its number, once in your company."
    )
    status = forms.ChoiceField(
        label="Where it stands", choices=[(s.value, STUDY_WORDS[s][0]) for s in BEGINS_AS]
    )
    funders = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who pays for it, one in a line.",
    )
    publication_plan = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is published where, by whom and when.",
    )
    partners = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Partners that do it too",
        help_text="Each of them reads all of the study.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = current_scope().org_id
        found = [(str(o.id), o.name) for o in directory.organisations_visible() if o.id != own]
        self.fields["partners"].choices = found  # type: ignore[attr-defined]

    def plan(self) -> StudyPlan:
        """Give what was typed as the action takes it."""
        given = dict(self.cleaned_data)
        partners = given.pop("partners")
        return StudyPlan(
            funders=given.pop("funders").splitlines(),
            partner_ids=[UUID(each) for each in partners],
            **given,
        )


class MilestoneForm(forms.Form):
    """A step of a study."""

    title = forms.CharField(max_length=200, label="Milestone")
    due_on = forms.DateField(widget=DAY, label="Due on")
    party = forms.ChoiceField(label="Who answers for it")

    def __init__(self, *args: Any, parties: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(str(i), name) for i, name in parties]  # type: ignore[attr-defined]


class ReachedForm(forms.Form):
    """When a milestone was reached."""

    done_on = forms.DateField(widget=DAY, label="Reached on")


class ConfirmForm(forms.Form):
    """Why a claim stands although the study fell."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="Why the claim stands")


class NewerForm(forms.Form):
    """Where the newer result stands."""

    study_id = forms.ChoiceField(label="Study")
    title = forms.CharField(max_length=300, label="Reference")
    source = forms.CharField(max_length=300, help_text="Journal, registry or document.")
    anchor = forms.CharField(max_length=100, label="Place", help_text="Page, table or figure.")
    url = forms.URLField(required=False, label="Address", assume_scheme="https")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="What it says now")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study_id"].choices = study_choices()  # type: ignore[attr-defined]

    def source_given(self) -> Source:
        """Give the new reference as the action takes it."""
        given = {name: each for name, each in self.cleaned_data.items() if name != "reason"}
        return Source(**{**given, "study_id": UUID(given["study_id"])})


def study_choices(*, empty: str = "") -> list[tuple[str, str]]:
    """Give the studies that have a result, for a form to choose from."""
    found = [(str(each.id), str(each)) for each in studies.studies_with_results()]
    return [("", empty), *found] if empty else found


class CoAuthorForm(forms.Form):
    """A co-author with the terms."""

    name = forms.CharField(max_length=200)
    part = forms.CharField(max_length=300, label="What is theirs", help_text="Which part of it.")
    rights = forms.CharField(
        max_length=500, label="Rights granted", help_text="Where and how it may be used."
    )
    agreement = forms.CharField(max_length=200, label="Agreement")
    used_until = forms.DateField(
        widget=DAY, label="May be used until", help_text="No version is valid longer."
    )
    interests = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Declared interests",
    )
    npi = forms.CharField(
        required=False, max_length=10, label="NPI", help_text="Of a health professional on record."
    )

    def clean_npi(self) -> UUID | None:
        """Find the person."""
        if not self.cleaned_data["npi"]:
            return None
        found = directory.hcps_by_npi([self.cleaned_data["npi"]])
        if not found:
            raise forms.ValidationError("Nobody is known by this NPI.")
        return next(iter(found.values())).id

    def authorship(self) -> Authorship:
        """Give what was typed as the action takes it."""
        given = dict(self.cleaned_data)
        return Authorship(hcp_id=given.pop("npi"), **given)


class RenewForm(forms.Form):
    """Until when rights are renewed, and under which agreement."""

    used_until = forms.DateField(widget=DAY, label="May be used until")
    agreement = forms.CharField(max_length=200)


def newer_choices(study: Study) -> list[tuple[str, str]]:
    """Give the studies that may supersede one."""
    found = studies.standing_studies()
    return [(str(each.id), str(each)) for each in found if each.id != study.id]

"""Forms of data sharing: contracts, lists, offers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from entente.consent import reads
from entente.consent.actions import ListTerms, ShareTerms
from entente.consent.domain.shares import (
    BREAKDOWNS,
    DEIDENTIFICATIONS,
    FIELDS,
    LEAST_CELL,
    LEGAL_BASES,
)
from entente.consent.models import ShareContract
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError

LARGEST_FILE = 20 * 1024 * 1024
_ANY = tuple(FIELDS.items())


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


def _partners() -> list[tuple[str, str]]:
    mine = current_scope().org_id
    return [(str(o.id), o.name) for o in directory.organisations_visible() if o.id != mine]


def _controllers() -> list[tuple[str, str]]:
    return [(str(e.id), e.name) for e in directory.legal_entities(current_scope().org_id)]


def refuse(form: forms.Form, wrong: UserError) -> None:
    """Put an action's refusal next to the field at fault, or above the form."""
    form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))


class ShareForm(forms.Form):
    """A new contract, or the next version of one."""

    name = forms.CharField(max_length=200)
    partner = forms.ChoiceField(choices=_partners)
    purpose = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    fields_open = forms.MultipleChoiceField(
        label="Fields of a person on both lists",
        choices=_ANY,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: only counts are told. E-mail and telephone pass only for persons whose "
        "consent covers passing them on.",
    )
    breakdown = forms.ChoiceField(
        label="Matches are counted", choices=tuple(BREAKDOWNS.items()), initial="specialty"
    )
    min_cell = forms.IntegerField(
        label="Smallest number told", initial=LEAST_CELL, max_value=1000,
        help_text=f"{LEAST_CELL} or more.",
    )  # fmt: skip
    from_on = _day("From")
    to_on = _day("To")
    data_licence = forms.CharField(
        max_length=300, label="Licence of the data", help_text="Such as: own records of each party."
    )
    legal_basis = forms.ChoiceField(choices=tuple(LEGAL_BASES.items()), initial="counts_only")
    deidentification = forms.ChoiceField(
        label="De-identification", choices=tuple(DEIDENTIFICATIONS.items()), initial="small_cells"
    )
    authorisation_ref = forms.CharField(
        label="Where the authorisations lie", max_length=200, required=False
    )
    agreement_ref = forms.CharField(
        label="Agreement that this carries out",
        max_length=200,
        help_text="Such as: charter 2026-1.",
    )

    def terms(self) -> ShareTerms:
        """Give the terms as typed."""
        given = dict(self.cleaned_data)
        given.pop("partner")
        return ShareTerms(**given | {"fields": tuple(given.pop("fields_open"))})

    def partner_id(self) -> UUID:
        """Give the chosen partner."""
        return UUID(self.cleaned_data["partner"])

    @staticmethod
    def values_of(contract: ShareContract) -> dict[str, Any]:
        """Give a contract's terms as first values of its next version."""
        names = (
            "name", "purpose", "breakdown", "min_cell", "from_on", "to_on", "data_licence",
            "legal_basis", "deidentification", "authorisation_ref", "agreement_ref",
        )  # fmt: skip
        return {name: getattr(contract, name) for name in names} | {
            "partner": str(contract.partner_id),
            "fields_open": contract.fields,
        }


class SignForm(forms.Form):
    """The legal entity whose data is shared, and the password that signs."""

    controller_id = forms.ChoiceField(
        label="Whose data is shared",
        choices=_controllers,
        help_text="The legal entity that persons gave their consent to.",
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs these terms for your organisation.",
    )


class OfferForm(forms.Form):
    """One's own list to compare."""

    list_id = forms.ChoiceField(
        label="Your list", help_text="The other side learns neither its name nor its size."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = reads.partner_lists().order_by("-loaded_at", "-id")[:50]
        self.fields["list_id"].choices = [  # type: ignore[attr-defined]
            (str(each.id), f"{each.name}, version {each.version} ({each.n_entries:,})")
            for each in lists
        ]


class ListForm(forms.Form):
    """A file of one's own accounts."""

    name = forms.CharField(
        max_length=200, help_text="A list of the same name gets a new version; none is changed."
    )
    file = forms.FileField(
        help_text="CSV with a column npi, or with organisation_id (such as ccn:070001) or domain."
    )
    data_licence = forms.CharField(
        max_length=300, label="Licence of the data", help_text="Such as: own records."
    )
    licensed_fields = forms.MultipleChoiceField(
        label="Fields that this licence lets others see",
        choices=_ANY,
        initial=["npi"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large for a page."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError(
                "This file is larger than 20 MB; load it with: entente import accounts FILE"
            )
        return given

    def terms(self) -> ListTerms:
        """Give what is said of the list."""
        given = self.cleaned_data
        return ListTerms(given["name"], given["data_licence"], tuple(given["licensed_fields"]))


class DirectoryListForm(forms.Form):
    """People of the directory as a list."""

    directory_name = forms.CharField(label="Name", max_length=200)
    specialty = forms.CharField(max_length=250, required=False, help_text="Empty: any.")
    state = forms.CharField(max_length=100, required=False, help_text="Such as CT. Empty: any.")

"""What people fill in: a send to one HCP, a meal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from babel.numbers import get_territory_currencies
from django import forms

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import Meal
from entente.engagement.models import Expense
from entente.foundation.domain.money import MoneyError, to_minor

PURPOSES = [
    ("promotion", "Promotion"),
    ("education", "Education"),
    ("medical", "Medical"),
    ("event", "Event"),
]


class SendForm(forms.Form):
    """Which released item, for what, in whose name."""

    version = forms.TypedChoiceField(label="Item", coerce=UUID)
    purpose = forms.ChoiceField(label="Purpose", choices=PURPOSES)
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)

    def __init__(self, *given: Any, org_id: UUID, on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        versions = [
            (v.id, f"{v.item.title}, version {v.number}") for v in content.released_versions(on=on)
        ]
        entities = [(e.id, e.name) for e in directory.legal_entities(org_id)]
        self.has_choices = bool(versions and entities)
        self.fields["version"].choices = versions  # type: ignore[attr-defined]
        self.fields["controller"].choices = entities  # type: ignore[attr-defined]
        if len(entities) == 1:
            # Nothing to choose, so nothing to ask.
            self.fields["controller"].widget = forms.HiddenInput()
            self.fields["controller"].initial = entities[0][0]


def currency_of(country: str) -> str:
    """Give the currency of a country, US dollars where none is known.

    Examples
    --------
    >>> currency_of("DE"), currency_of("")
    ('EUR', 'USD')
    """
    found = get_territory_currencies(country) if country else []
    return str(found[0]) if found else "USD"


def ids_of(texts: Sequence[str]) -> list[UUID]:
    """Read ids, leaving out what is none and what stands twice."""
    found: dict[UUID, None] = {}
    for text in texts:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


class MealForm(forms.Form):
    """A meal; the five questions that always matter stand first."""

    MAIN = ("kind", "setting", "spent_on", "total", "headcount")

    kind = forms.ChoiceField(label="Meal", choices=Expense.Kind.choices, initial="lunch")
    setting = forms.ChoiceField(label="Where", choices=Expense.Setting.choices, initial="office")
    spent_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    total = forms.CharField(
        label="Total with tax and tip",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    headcount = forms.IntegerField(
        label="People who ate", min_value=1, max_value=5_000,
        help_text="Everybody: HCPs, their staff and your own people.",
    )  # fmt: skip
    with_discussion = forms.BooleanField(
        label="There was a presentation or discussion with everybody who ate",
        required=False,
        initial=True,
    )
    takeaway = forms.BooleanField(label="Food was dropped off or taken away", required=False)
    guests = forms.IntegerField(
        label="Spouses and other guests", min_value=0, max_value=1_000, initial=0
    )
    payer = forms.TypedChoiceField(label="Paid by", coerce=UUID)
    country = forms.CharField(label="Country", max_length=2, min_length=2)
    currency = forms.CharField(label="Currency", max_length=3, min_length=3)
    product = forms.TypedChoiceField(
        label="Product discussed", coerce=UUID, required=False, empty_value=None
    )

    def __init__(self, *given: Any, org_id: UUID, on: date, **more: Any) -> None:
        super().__init__(*given, **more)
        entities = list(directory.legal_entities(org_id))
        self.fields["payer"].choices = [(e.id, e.name) for e in entities]  # type: ignore[attr-defined]
        products = [(p.id, p.name) for p in directory.products()]
        self.fields["product"].choices = [("", "None in particular"), *products]  # type: ignore[attr-defined]
        self.fields["spent_on"].initial = on.isoformat()
        self.fields["spent_on"].widget.attrs["max"] = on.isoformat()
        if entities:
            self.fields["payer"].initial = entities[0].id
            self.fields["country"].initial = entities[0].country
            self.fields["currency"].initial = currency_of(entities[0].country)
        self.assumed = entities[0].name if entities else ""

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that stand first."""
        return [self[name] for name in self.MAIN]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields with a default."""
        return [self[name] for name in self.fields if name not in self.MAIN]

    def clean_country(self) -> str:
        """Write the country as ISO does."""
        return str(self.cleaned_data["country"]).upper()

    def clean_currency(self) -> str:
        """Write the currency as ISO does."""
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        """Read the amount in its currency."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("total") and given.get("currency"):
            try:
                given["total_minor"] = to_minor(given["total"].replace(",", ""), given["currency"])
            except MoneyError as trouble:
                self.add_error("total", str(trouble))
        return given

    def meal(self, hcp_ids: Sequence[UUID]) -> Meal:
        """Give the meal as the action takes it."""
        given = self.cleaned_data
        return Meal(
            hcp_ids=tuple(hcp_ids),
            payer_id=given["payer"],
            kind=given["kind"],
            setting=given["setting"],
            spent_on=given["spent_on"],
            country=given["country"],
            currency=given["currency"],
            total_minor=given["total_minor"],
            headcount=given["headcount"],
            with_discussion=given["with_discussion"],
            takeaway=given["takeaway"],
            guests=given["guests"],
            product_id=given["product"],
        )

"""Forms of the room: what a person types, before an action judges it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms import Form

from entente.alliances.actions import CampaignPlan, CharterTerms
from entente.alliances.domain.funding import RULES
from entente.alliances.models import BudgetLine, Campaign, Charter
from entente.content import reads as content
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError


def day_field(**given: Any) -> forms.DateField:
    """Give a field for a day, with the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **given)


def amount_field(**given: Any) -> forms.CharField:
    """Give a field for a decimal amount, read exactly."""
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(max_length=20, widget=widget, **given)


def percent_field(**given: Any) -> forms.DecimalField:
    """Give a field for a percentage."""
    return forms.DecimalField(min_value=0, max_value=100, decimal_places=4, max_digits=7, **given)


def blame(form: Form, wrong: UserError) -> None:
    """Put an action's refusal next to the field at fault, or above the form."""
    form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))


def minor(form: Form, name: str, currency: str) -> int | None:
    """Read an amount in minor units, or put the reason next to its field."""
    text = form.cleaned_data.get(name) or ""
    if not text:
        return None
    try:
        return to_minor(text.replace(",", "").strip(), currency)
    except MoneyError as wrong:
        form.add_error(name, str(wrong))
        return None


class PasswordForm(forms.Form):
    """The password that signs."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs these terms for your organisation.",
    )


class CharterForm(forms.Form):
    """A new charter."""

    name = forms.CharField(max_length=200)
    partners = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    measures = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="How both sides will tell that it works",
    )
    shared_fields = forms.CharField(
        required=False,
        help_text="What the parties show each other, with blanks between, like reach deliveries.",
    )
    emails_30d = forms.IntegerField(
        initial=4, min_value=0, max_value=30, label="Promotional e-mails per person in 30 days"
    )
    from_on = day_field(label="From")
    to_on = day_field(label="To")
    way_out = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="When one side leaves",
        help_text="What happens to data, leads and money.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = current_scope().org_id
        self.fields["partners"].choices = [  # type: ignore[attr-defined]
            (str(o.id), o.name) for o in directory.organisations_visible() if o.id != own
        ]

    def terms(self) -> CharterTerms:
        """Give the terms as the action takes them."""
        given = {name: v for name, v in self.cleaned_data.items() if name != "partners"}
        given["shared_fields"] = given["shared_fields"].replace(",", " ").split()
        return CharterTerms(**given)

    def partner_ids(self) -> list[UUID]:
        """Give the partners chosen."""
        return [UUID(each) for each in self.cleaned_data["partners"]]


class CampaignForm(forms.Form):
    """A new campaign under a charter, or of the host alone."""

    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Campaign.Kind.choices)
    purpose = forms.ChoiceField(choices=Campaign.Purpose.choices)
    product = forms.ChoiceField(required=False)
    version = forms.ChoiceField(required=False, label="Content", help_text="Can be chosen later.")
    controller = forms.ChoiceField(
        label="Sender in law", help_text="The legal entity whose permission people gave."
    )
    country = forms.CharField(max_length=2, help_text="Country code, such as US.")
    launch_on = day_field(label="Launch")
    ends_on = day_field(label="Ends")
    currency = forms.CharField(max_length=3, initial="USD")
    ceiling = amount_field(label="Most that it may cost", help_text="Such as 100000.00.")

    def __init__(self, *args: Any, charter: Charter | None, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charter = charter
        self.parties = _parties(charter)
        entities = [e for org_id, _ in self.parties for e in directory.legal_entities(org_id)]
        released = content.released_versions(on=today)
        _choose(self, "product", [(p.id, p.name) for p in directory.products()], empty="None")
        _choose(self, "controller", [(e.id, e.name) for e in entities])
        _choose(
            self,
            "version",
            [(v.id, f"{v.item.title}, version {v.number}") for v in released],
            empty="Not yet",
        )
        even = round(Decimal(100) / len(self.parties), 4)
        # The host's takes up what rounding leaves, so that the proposal adds up.
        rest = 100 - even * (len(self.parties) - 1)
        for org_id, name in self.parties:
            self.fields[f"share_{org_id}"] = percent_field(
                label=f"Share of {name} in %",
                initial=f"{rest if org_id == self.parties[0][0] else even:f}".rstrip("0").rstrip(
                    "."
                ),
                required=org_id == current_scope().org_id,
                help_text="" if org_id == current_scope().org_id else "Empty: takes no part.",
            )

    def clean_country(self) -> str:
        """Read a country code."""
        return str(self.cleaned_data["country"]).upper()

    def clean_currency(self) -> str:
        """Read a currency code."""
        return str(self.cleaned_data["currency"]).upper()

    def plan(self) -> CampaignPlan | None:
        """Give the plan as the action takes it, or None with the reason next to a field."""
        given = self.cleaned_data
        ceiling = minor(self, "ceiling", given["currency"])
        if ceiling is None:
            return None
        return CampaignPlan(
            name=given["name"],
            kind=given["kind"],
            purpose=given["purpose"],
            controller_id=UUID(given["controller"]),
            country=given["country"],
            launch_on=given["launch_on"],
            ends_on=given["ends_on"],
            currency=given["currency"],
            ceiling_minor=ceiling,
            charter_id=self.charter.id if self.charter else None,
            product_id=UUID(given["product"]) if given["product"] else None,
        )

    def shares(self) -> dict[UUID, Decimal]:
        """Give each party's share from 0 to 1."""
        found = {org_id: self.cleaned_data.get(f"share_{org_id}") for org_id, _ in self.parties}
        return {org_id: percent / 100 for org_id, percent in found.items() if percent is not None}

    def version_id(self) -> UUID | None:
        """Give the content chosen, if any."""
        chosen = self.cleaned_data["version"]
        return UUID(chosen) if chosen else None


def _choose(form: Form, name: str, found: list[tuple[UUID, str]], *, empty: str = "") -> None:
    choices = [(str(each), words) for each, words in found]
    form.fields[name].choices = [("", empty), *choices] if empty else choices  # type: ignore[attr-defined]


def _parties(charter: Charter | None) -> list[tuple[UUID, str]]:
    own = current_scope().org_id
    if charter is None:
        names = {o.id: o.name for o in directory.organisations_visible()}
        return [(own, names[own])]
    sides = sorted(charter.sides.all(), key=lambda side: (side.org_id != own, side.name))
    return [(side.org_id, side.name) for side in sides]


class LineForm(forms.Form):
    """A new budget line."""

    category = forms.ChoiceField(choices=BudgetLine.Category.choices)
    note = forms.CharField(max_length=200, required=False, label="What for")
    amount = amount_field(label="Estimate")
    payer = forms.ChoiceField(label="Who pays the bill")
    rule = forms.ChoiceField(choices=list(RULES.items()), label="Who bears it")
    band = amount_field(required=False, label="Tiered: the first band ends at")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = campaign.currency
        self.sides = sorted(campaign.sides.all(), key=lambda side: side.name)
        _choose(self, "payer", [(side.org_id, side.name) for side in self.sides])
        for side in self.sides:
            initial = (side.share * 100).normalize()
            self.fields[f"share_{side.org_id}"] = percent_field(
                required=False, initial=initial, label=f"{side.name}: share in %",
                help_text="Capped, and tiered above the first band.",
            )  # fmt: skip
            self.fields[f"below_{side.org_id}"] = percent_field(
                required=False, label=f"{side.name}: share in the first band in %"
            )
            self.fields[f"most_{side.org_id}"] = amount_field(
                required=False, label=f"{side.name}: fixed amount, or cap"
            )

    def terms(self) -> dict[str, Any]:
        """Give the terms of the rule chosen."""
        given, rule = self.cleaned_data, self.cleaned_data["rule"]
        shares = self._shares("share")
        amounts = {
            str(side.org_id): amount
            for side in self.sides
            if (amount := minor(self, f"most_{side.org_id}", self.currency)) is not None
        }
        if rule == "capped":
            return {"shares": shares, "caps_minor": amounts}
        if rule == "fixed":
            return {"amounts_minor": amounts, "rest": given["payer"]}
        if rule == "tiered":
            end = minor(self, "band", self.currency)
            first = [{"up_to_minor": end, "shares": self._shares("below")}] if end else []
            return {"bands": [*first, {"up_to_minor": None, "shares": shares}]}
        return {}

    def _shares(self, prefix: str) -> dict[str, str]:
        found = {
            side.org_id: self.cleaned_data.get(f"{prefix}_{side.org_id}") for side in self.sides
        }
        return {str(org): str(percent) for org, percent in found.items() if percent is not None}

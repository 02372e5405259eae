"""What people fill in about stock, requests for samples, hand-overs and receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms

from entente.directory import reads as directory
from entente.engagement.actions import Handing, Signed, StockTerms
from entente.engagement.domain.hand_overs import ITEM_FLAGS, JUDGED, MOST_UNITS, SAMPLE_FLAGS
from entente.engagement.forms import currency_of
from entente.engagement.models import HandOver, Stock
from entente.engagement.reads import hand_overs, stock
from entente.foundation.access.roles import Role
from entente.foundation.domain.money import MoneyError, to_minor, to_text
from entente.foundation.errors import UserError
from entente.foundation.web import people

KINDS = [("sample", "Sample"), *((f"item:{v}", f"Item: {n}") for v, n in Stock.ItemKind.choices)]
TAX = [("", "Not known"), *Stock.TaxBasis.choices]
OWN_MOVES = [("returned", "Return"), ("lost", "Loss or theft"), ("counted", "Count")]
FLAGS: Mapping[str, str] = {**SAMPLE_FLAGS, **ITEM_FLAGS}


class _Form(forms.Form):
    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        text = str(trouble)
        self.add_error(
            trouble.field if trouble.field in self.fields else None,
            text[:1].upper() + text[1:] + ".",
        )

    def clean(self) -> dict[str, Any]:
        """Read an amount in its currency, where the form has one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("amount") and given.get("currency"):
            try:
                given["amount_minor"] = to_minor(
                    given["amount"].replace(",", ""), given["currency"].upper()
                )
            except MoneyError as trouble:
                self.add_error("amount", str(trouble))
        return given


def _amount(label: str) -> forms.CharField:
    attrs = {"inputmode": "decimal", "autocomplete": "off"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attrs))


class StockForm(_Form):
    """A line of the catalogue; of a known one kind and product stay."""

    kind = forms.ChoiceField(label="What", choices=KINDS)
    name = forms.CharField(label="Name", max_length=120)
    product = forms.TypedChoiceField(
        label="Product", coerce=UUID, required=False, empty_value=None,
        help_text="Of which product it is a sample.",
    )  # fmt: skip
    amount = _amount("Value of one")
    currency = forms.CharField(label="Currency", max_length=3, min_length=3)
    tax_basis = forms.ChoiceField(label="Tax", choices=TAX, required=False)
    patients_per_pack = forms.IntegerField(
        label="Patients whom one pack serves", min_value=1, max_value=1_000, required=False
    )

    def __init__(
        self, *given: Any, org_id: UUID, known: Stock | None = None, judges: bool, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.known = known
        products = [(p.id, p.name) for p in directory.products()]
        self.fields["product"].choices = [("", "None in particular"), *products]  # type: ignore[attr-defined]
        entities = directory.legal_entities(org_id)
        self.fields["currency"].initial = currency_of(entities[0].country if entities else "")
        flags = FLAGS
        if known is not None:
            flags = SAMPLE_FLAGS if known.kind == Stock.Kind.SAMPLE else ITEM_FLAGS
            del self.fields["kind"], self.fields["product"]
            if known.kind == Stock.Kind.ITEM:
                del self.fields["patients_per_pack"]
            self._take_over(known, flags)
        for flag, words in flags.items():
            self.fields[flag] = forms.NullBooleanField(
                label=words, required=False, disabled=flag in JUDGED and not judges
            )

    def _take_over(self, known: Stock, flags: Mapping[str, str]) -> None:
        self.initial = {
            "name": known.name,
            "amount": to_text(known.unit_value_minor, known.currency),
            "currency": known.currency,
            "tax_basis": known.tax_basis,
            "patients_per_pack": known.patients_per_pack,
            **{flag: getattr(known, flag) for flag in flags},
        }

    def _of(self, flags: Mapping[str, str]) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in flags]

    @property
    def main(self) -> list[forms.BoundField]:
        """What is said of both kinds."""
        return [self[n] for n in self.fields if n not in FLAGS and n != "patients_per_pack"]

    @property
    def of_samples(self) -> list[forms.BoundField]:
        """What is said of samples."""
        found = self._of(SAMPLE_FLAGS)
        more = [self["patients_per_pack"]] if "patients_per_pack" in self.fields else []
        return [*found, *more]

    @property
    def of_items(self) -> list[forms.BoundField]:
        """What is said of items."""
        return self._of(ITEM_FLAGS)

    @property
    def split_kind(self) -> tuple[str, str]:
        """Give the kind, and of an item its own kind."""
        kind, _, item_kind = self.cleaned_data["kind"].partition(":")
        return kind, item_kind

    def terms(self) -> StockTerms:
        """Give what was filled in, as the action takes it; flags of the other kind left out."""
        given = self.cleaned_data
        kind = self.known.kind if self.known else self.split_kind[0]
        flags = SAMPLE_FLAGS if kind == Stock.Kind.SAMPLE else ITEM_FLAGS
        return StockTerms(
            name=given["name"],
            unit_value_minor=given["amount_minor"],
            currency=given["currency"].upper(),
            tax_basis=given["tax_basis"],
            patients_per_pack=given.get("patients_per_pack"),
            flags={flag: given.get(flag) for flag in flags if not self.fields[flag].disabled},
        )


class LotForm(_Form):
    """Packs of a lot for a colleague."""

    holder = forms.TypedChoiceField(label="For", coerce=UUID)
    number = forms.CharField(label="Lot or delivery", max_length=40)
    expires_on = forms.DateField(
        label="May be used until", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    n_units = forms.IntegerField(label="How many", min_value=1, max_value=MOST_UNITS)

    def __init__(self, *given: Any, on: date, row: Stock, **more: Any) -> None:
        super().__init__(*given, **more)
        found = people.people(role=Role.REPRESENTATIVE, on=on).order_by("name", "id")[:500]
        self.fields["holder"].choices = [(p.id, p.name) for p in found]  # type: ignore[attr-defined]
        self.fields["expires_on"].required = row.kind == Stock.Kind.SAMPLE


class MoveForm(_Form):
    """A return, a loss or a count of what one carries."""

    kind = forms.ChoiceField(label="What", choices=OWN_MOVES, widget=forms.RadioSelect)
    n_units = forms.IntegerField(
        label="How many", min_value=0, max_value=100_000,
        help_text="Of a count: how many are there.",
    )  # fmt: skip
    reason = forms.CharField(
        label="What happened", max_length=300, required=False,
        help_text="Asked for a loss, and for a count that differs from the books.",
    )  # fmt: skip


class SalesForm(_Form):
    """What was sold in a country in a year."""

    country = forms.CharField(label="Country", min_length=2, max_length=2)
    year = forms.IntegerField(label="Year", min_value=2000, max_value=2100)
    amount = _amount("Sales of the year")
    currency = forms.CharField(label="Currency", min_length=3, max_length=3)


class SignedForm(_Form):
    """A signature: the name, and if one likes a drawing."""

    signer_name = forms.CharField(label="Signed by", max_length=200)
    signed_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    drawing = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *given: Any, on: date, signer: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["signed_on"].initial = on.isoformat()
        self.fields["signed_on"].widget.attrs["max"] = on.isoformat()
        self.fields["signer_name"].initial = signer

    def signed(self) -> Signed:
        """Give the signature as the actions take it."""
        given = self.cleaned_data
        return Signed(given["signer_name"], given["signed_on"], given["drawing"])


class RequestForm(SignedForm):
    """An HCP's written request for samples."""

    field_order = ("stock", "n_packs", "signer_name", "signed_on", "drawing")

    stock = forms.TypedChoiceField(label="Sample", coerce=UUID)
    n_packs = forms.IntegerField(label="Packs", min_value=1, max_value=MOST_UNITS, initial=1)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        rows = stock.catalogue(kind="sample").order_by(*stock.ORDER)
        self.fields["stock"].choices = [(row.id, row.name) for row in rows]  # type: ignore[attr-defined]

    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        named = "n_packs" if trouble.field == "n_units" else trouble.field
        super().blame(UserError(str(trouble), field=named))


class HandForm(_Form):
    """What is handed over; the receipt may be signed at once or later."""

    MAIN = ("lot", "n_units", "request", "signer_name")

    lot = forms.TypedChoiceField(label="What", coerce=UUID)
    n_units = forms.IntegerField(label="How many", min_value=1, max_value=MOST_UNITS, initial=1)
    request = forms.TypedChoiceField(
        label="Written request", coerce=UUID, required=False, empty_value=None
    )
    signer_name = forms.CharField(
        label="Received and signed by", max_length=200, required=False,
        help_text="Empty: signed later. A missing receipt holds back the next sample.",
    )  # fmt: skip
    drawing = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    place = forms.ChoiceField(label="Where", choices=HandOver.Place.choices, initial="practice")
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    call = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *given: Any, org_id: UUID, holder_id: UUID, hcp_id: UUID, on: date, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.hcp_id, self.on = hcp_id, on
        lines = stock.carried_by(holder_id)
        self.fields["lot"].choices = [(line.lot_id, _line(line)) for line in lines]  # type: ignore[attr-defined]
        self.has_choices = bool(lines)
        asked = hand_overs.open_requests(hcp_id)
        self.fields["request"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((r.id, f"{r.product.name}, {r.n_left} packs, {r.signed_on:%d %b %Y}") for r in asked),  # type: ignore[attr-defined]
        ]
        if len(asked) == 1:
            self.fields["request"].initial = asked[0].id
        entities = [(e.id, e.name) for e in directory.legal_entities(org_id)]
        self.fields["controller"].choices = entities  # type: ignore[attr-defined]
        if entities:
            self.fields["controller"].initial = entities[0][0]
        if len(entities) == 1:
            self.fields["controller"].widget = forms.HiddenInput()
        self.fields["client_id"].initial = uuid4()

    @property
    def main(self) -> list[forms.BoundField]:
        """The questions that always matter; the drawing stands behind them."""
        return [self[name] for name in self.MAIN]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is mostly as assumed."""
        return [self[name] for name in ("place", "controller") if not self[name].is_hidden]

    @property
    def kept(self) -> list[forms.BoundField]:
        """What nobody fills in."""
        return [self[name] for name in self.fields if self[name].is_hidden and name != "drawing"]

    def handing(self, at: datetime) -> Handing:
        """Give what was filled in as the action takes it."""
        given = self.cleaned_data
        name = given["signer_name"].strip()
        if given["drawing"] and not name:
            raise UserError("write the name beside the drawn signature", field="signer_name")
        return Handing(
            client_id=given["client_id"] or uuid4(),
            hcp_id=self.hcp_id,
            controller_id=given["controller"],
            lot_id=given["lot"],
            n_units=given["n_units"],
            place=given["place"],
            request_id=given["request"],
            touch_id=given["call"],
            receipt=Signed(name, at.date(), given["drawing"]) if name else None,
        )


class LaterForm(_Form):
    """Hand over what was approved, with the receipt or without."""

    signer_name = forms.CharField(label="Received and signed by", max_length=200, required=False)
    drawing = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


def _line(line: Any) -> str:
    until = f", until {line.lot.expires_on:%d %b %Y}" if line.lot.expires_on else ""
    return f"{line.lot.stock.name} · {line.lot.number}{until} · {line.n_units} left"

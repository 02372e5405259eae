"""Register a deal: find the account, answer at most eight questions, see conflicts at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.deals import reads
from entente.deals.actions import Registration, register_deal
from entente.deals.domain.criteria import CRITERIA, KINDS
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.money import MoneyError, to_minor
from entente.foundation.errors import UserError
from entente.foundation.web.asked import id_of, one_of, text_of
from entente.foundation.web.doors import page

FOUND_ACCOUNTS = 12
AMOUNT = re.compile(r"^\s*([\d ,.']*\d)\s*([A-Za-z]{3})\s*$|^\s*([A-Za-z]{3})\s*([\d ,.']*\d)\s*$")


def read_value(text: str) -> tuple[int, str]:
    """Read an amount with its currency as a person types it; a point divides decimals.

    Raises
    ------
    UserError
        If there is no currency, or the amount is none of it.

    Examples
    --------
    >>> read_value("120,000 usd")
    (12000000, 'USD')
    """
    read = AMOUNT.match(text)
    if read is None:
        raise UserError("write amount and currency, such as 120000 USD", field="value")
    amount = re.sub(r"[ ,']", "", read[1] or read[4])
    currency = (read[2] or read[3]).upper()
    try:
        return to_minor(amount, currency), currency
    except MoneyError as trouble:
        raise UserError(str(trouble), field="value") from None


class RegistrationForm(forms.Form):
    """The questions that remain once account and kind are chosen: at most six of eight."""

    partner = forms.ChoiceField(label="Partner")
    solution = forms.ChoiceField(label="Solution")
    site = forms.CharField(
        label="Site",
        required=False,
        max_length=120,
        help_text="One campus or department; empty means the whole account.",
    )
    value = forms.CharField(
        label="Estimated value", max_length=40, help_text="With currency, such as 120000 USD."
    )
    buyer = forms.CharField(
        label="Who buys", max_length=200, help_text="A person's name; only your side sees it."
    )
    confirmed = forms.MultipleChoiceField(
        label="What you confirm",
        widget=forms.CheckboxSelectMultiple,
        help_text="Every point is a condition of registration.",
    )
    accept = forms.BooleanField(
        label="We accept this deal on these terms now", required=False, initial=True
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solution"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *((str(one.id), one.name) for one in directory.products()),
        ]
        self.fields["confirmed"].choices = list(CRITERIA[kind].items())  # type: ignore[attr-defined]
        scope = current_scope()
        if scope.is_host:
            self.fields["partner"].choices = [  # type: ignore[attr-defined]
                ("", "Choose"),
                *(
                    (str(one.id), one.name)
                    for one in directory.organisations_visible()
                    if one.id != scope.org_id
                ),
            ]
        else:
            del self.fields["partner"]


def _registration(form: RegistrationForm, account_id: UUID, kind: str) -> Registration:
    given = form.cleaned_data
    value_minor, currency = read_value(given["value"])
    return Registration(
        account_id=account_id,
        solution_id=UUID(given["solution"]),
        kind=kind,
        confirmed=tuple(given["confirmed"]),
        value_minor=value_minor,
        currency=currency,
        buyer=given["buyer"],
        site=given["site"],
        partner_id=UUID(given["partner"]) if given.get("partner") else None,
        accept=given["accept"],
    )


@page("deal.write", methods=("GET", "POST"))
def register(request: HttpRequest) -> HttpResponse:
    """Find the account first, then register."""
    at = datetime.now(UTC)
    kind = one_of(request, "kind", KINDS) or "new"
    account_id = id_of(request, "account")
    account = None
    if account_id is not None:
        try:
            account = directory.hco(account_id)
        except ObjectDoesNotExist:
            messages.error(request, "There is no such account; search for it.")
    if account is None:
        text = text_of(request, "q")
        found = directory.search_hcos(text, FOUND_ACCOUNTS) if text else []
        context = {"accounts": found, "q": text, "kind": kind}
        return render(request, "deals/find_account.html", context)
    form = RegistrationForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = register_deal(_registration(form, account.id, kind), at=at)
        except UserError as trouble:
            form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))
        else:
            if made.status == "refused":
                messages.warning(request, "The gate refused this registration; see why below.")
            else:
                messages.success(request, "Registered. The other party has been asked to accept.")
            return redirect("deals:deal", made.id)
    tabs = [(name, words, name == kind) for name, words in KINDS.items()]
    shown: dict[str, Any] = {"form": form, "account": account, "tabs": tabs}
    return render(request, "deals/register.html", shown)


@page("deal.read")
def preview(request: HttpRequest) -> HttpResponse:
    """Say whether an opportunity is free; a fragment that htmx puts into the form."""
    account_id, solution_id = id_of(request, "account"), id_of(request, "solution")
    conflict = None
    if account_id and solution_id:
        try:
            conflict = reads.preview(
                account_id, solution_id, text_of(request, "site"), at=datetime.now(UTC)
            )
        except ObjectDoesNotExist:
            conflict = None
    return render(request, "deals/preview.html", {"conflict": conflict})

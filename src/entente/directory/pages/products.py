"""Products: the list, one product, and entering one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from entente.directory import actions, reads
from entente.directory.models import Product, ProductApproval
from entente.foundation.errors import UserError
from entente.foundation.web import shelf
from entente.foundation.web.doors import page
from entente.foundation.web.exports import csv_file

HEAD = ("product", "kind", "country", "approved_on", "ended_on", "indication")


class ProductForm(forms.Form):
    """A product with its first approval."""

    name = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Product.Kind.choices)
    country = forms.CharField(
        max_length=2, help_text="Where it is approved, as two capitals, for example US."
    )
    approved_on = forms.DateField(
        label="Approved on", widget=forms.DateInput(attrs={"type": "date"})
    )
    boxed_warning = forms.BooleanField(label="The label carries a boxed warning", required=False)
    accelerated = forms.BooleanField(label="It is an accelerated approval", required=False)
    indication = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it is approved for, in the label's words.",
    )


@page("directory.read")
def products(request: HttpRequest) -> HttpResponse:
    """List products with the countries in which they are approved."""
    found = reads.products()
    if request.GET.get("export") == "csv":
        rows = (
            (p.name, p.kind, a.country, a.approved_on, a.ended_on, a.indication)
            for p in found
            for a in p.approvals.all()
        )
        return csv_file("products", HEAD, rows, kind="directory.product", at=datetime.now(UTC))
    return render(request, "directory/products.html", {"products": found})


@page("directory.read")
def product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Show one product and where it is approved today."""
    found = get_object_or_404(Product, id=product_id)
    today = datetime.now(UTC).date()
    approvals = ProductApproval.objects.filter(product=found).order_by("country", "-approved_on")
    context = {
        "product": found,
        "approvals": [(a, is_in_force(a, today)) for a in approvals],
        "panels": shelf.render_panels("directory.product", request, found),
    }
    return render(request, "directory/product.html", context)


def is_in_force(approval: ProductApproval, day: date) -> bool:
    """Tell whether an approval is in force on a day, its last day included."""
    ended = approval.ended_on
    return approval.approved_on <= day and (ended is None or ended >= day)


@page("product.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Enter a product with its first approval."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        approval = actions.ApprovedIn(
            given["country"].upper(),
            given["approved_on"],
            given["indication"],
            given["boxed_warning"],
            given["accelerated"],
        )
        try:
            made = actions.add_product(
                given["name"], given["kind"], [approval], at=datetime.now(UTC)
            )
        except UserError as wrong:
            field = {"approvals": "country"}.get(wrong.field or "", wrong.field)
            form.add_error(field if field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"{made.name} is in the directory.")
            return redirect("directory:product", made.id)
    return render(
        request, "directory/product_add.html", {"form": form}, status=422 if form.errors else 200
    )

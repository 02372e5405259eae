"""Business contacts: the list, one, entering and changing one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.models import Contact, ContactAddress, Hco
from entente.directory.reads import contacts as reads
from entente.directory.reads import organisations_visible, same_hco
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation
from entente.foundation.web import shelf
from entente.foundation.web.asked import id_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import MOST_ROWS, csv_file
from entente.foundation.web.lists import part_of

HEAD = ("family_name", "given_name", "kind", "role", "authority", "employer_name", "country")


@page("contact.read")
def contacts(request: HttpRequest) -> HttpResponse:
    """List contacts by words, kind and authority."""
    asked = {name: text_of(request, name) for name in ("q", "kind", "authority", "ended")}
    rows = reads.narrowed_contacts(asked)
    if request.GET.get("export") == "csv":
        found = rows.order_by(*reads.ORDER).values_list(*HEAD)[: MOST_ROWS + 1]
        return csv_file("contacts", HEAD, found, kind="directory.contact", at=datetime.now(UTC))
    context = {
        "asked": asked,
        "part": part_of(rows, reads.ORDER, request.GET),
        "kinds": Contact.Kind.choices,
        "authorities": Contact.Authority.choices,
        "ended": [("yes", "Former contacts")],
    }
    return render(request, "directory/contacts.html", context)


@page("contact.read")
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Show one contact: where they work, what they decide, how they are reached."""
    found = reads.contact(contact_id)
    context = {
        "contact": found,
        "addresses": reads.addresses_of(found.id),
        "channels": ContactAddress.Channel.choices,
        "trail": [{"label": "Contacts", "url": reverse("directory:contacts")}],
        "panels": shelf.render_panels("directory.contact", request, found),
    }
    return render(request, "directory/contact.html", context)


class ContactForm(forms.Form):
    """Somebody who is no health professional."""

    family_name = forms.CharField(label="Family name", max_length=200)
    given_name = forms.CharField(label="Given name", max_length=200, required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=Contact.Kind.choices,
        help_text="Patients are never kept as persons.",
    )  # fmt: skip
    role = forms.CharField(label="Role", max_length=200, required=False)
    authority = forms.ChoiceField(
        label="Authority", choices=Contact.Authority.choices, initial="unknown"
    )
    organisation = forms.ChoiceField(label="Works for a partner here", required=False)
    employer_name = forms.CharField(
        label="Or for", max_length=300, required=False,
        help_text="Open this form from a hospital's page to name that hospital.",
    )  # fmt: skip
    country = forms.CharField(label="Country", min_length=2, max_length=2)

    def __init__(self, data: Any, *, hco: Hco | None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        found = [(str(each.id), each.name) for each in organisations_visible()]
        field.choices = [("", "None of them"), *found]
        if hco is not None:
            del self.fields["organisation"], self.fields["employer_name"]

    def given(self, hco: Hco | None) -> dict[str, Any]:
        """Give what was typed, as the action takes it."""
        typed = {**self.cleaned_data, "country": self.cleaned_data["country"].upper()}
        organisation = typed.pop("organisation", "")
        return {
            **typed,
            "employer_hco_id": hco.id if hco else None,
            "employer_organisation_id": UUID(organisation) if organisation else None,
        }


class NewContactForm(ContactForm):
    """A new contact with addresses."""

    email = forms.CharField(label="E-mail", max_length=300, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)


@page("contact.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Enter a contact, at a hospital if the address names one."""
    asked = id_of(request, "hco")
    hco = get_object_or_404(Hco, id=asked) if asked else None
    form = NewContactForm(
        request.POST if request.method == "POST" else None,
        hco=hco,
        initial={"country": (hco.country if hco else "") or "US"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_contact(**form.given(hco), at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"{made.display_name} is among your contacts.")
            return redirect("directory:contact", made.id)
    return _form(request, form, "Add contact", f" at {hco.display_name}" if hco else "")


@page("contact.write", methods=("GET", "POST"))
def change(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Change what is known of a contact."""
    found = reads.contact(contact_id)
    initial = {name: getattr(found, name) for name in HEAD}
    initial["organisation"] = str(found.employer_organisation_id or "")
    hco = found.employer_hco
    form = ContactForm(request.POST if request.method == "POST" else None, hco=hco, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contact(found.id, form.given(hco), at=datetime.now(UTC))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "The contact is changed.")
            return redirect("directory:contact", found.id)
    return _form(request, form, "Change contact", "")


def _form(request: HttpRequest, form: forms.Form, title: str, at: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "heading": title + at,
        "trail": [{"label": "Contacts", "url": reverse("directory:contacts")}],
    }  # fmt: skip
    return render(
        request, "directory/contact_form.html", context, status=422 if form.errors else 200
    )


@page("contact.write", methods=("POST",))
def reach(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Note an address of a contact."""
    try:
        actions.add_contact_address(
            contact_id,
            channel=request.POST.get("channel") or "",
            value=request.POST.get("value") or "",
            at=datetime.now(UTC),
        )
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, "The address is noted; it is no permission to use it.")
    return redirect("directory:contact", contact_id)


@page("contact.write", methods=("POST",))
def end(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Say that somebody is no contact any more."""
    at = datetime.now(UTC)
    actions.end_contact(contact_id, on=at.date(), at=at)
    messages.success(request, "Kept among former contacts.")
    return redirect("directory:contact", contact_id)


def hco_panel(request: HttpRequest, hco: Hco) -> dict[str, Any]:
    """Give the contacts at a health-care organisation."""
    ids = same_hco(hco.id, datetime.now(UTC))
    return {"hco": hco, "contacts": reads.contacts_at(hco_ids=ids)}


def organisation_panel(request: HttpRequest, organisation: Organisation) -> dict[str, Any] | None:
    """Give the contacts at a partner; nothing where there is none."""
    found = reads.contacts_at(organisation_id=organisation.id)
    return {"hco": None, "contacts": found} if found else None

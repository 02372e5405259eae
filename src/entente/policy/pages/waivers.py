"""Waivers: rules set aside by a named role, for a reason, until a day; each use counted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import id_of, one_of, posted, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.naming import names_of
from entente.policy.actions import Scoped, end_waiver, grant_waiver
from entente.policy.domain.roles import may_act_for
from entente.policy.reads import rules as rule_reads
from entente.policy.reads import waivers as reads

STANDINGS = [("now", "In force"), ("over", "Over")]


class WaiverForm(forms.Form):
    """Which rule, for whom, until when, and why; the password signs it."""

    rule_id = forms.ChoiceField(label="Rule")
    valid_until = forms.DateField(
        label="Until the end of", widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Whoever audits this reads it."
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs the waiver.",
    )


@page("decision.read")
def waivers(request: HttpRequest) -> HttpResponse:
    """List the waivers of one's organisation, with how often each was used."""
    at, scope = datetime.now(UTC), current_scope()
    found = reads.waivers(standing=one_of(request, "standing", ["now", "over"]), at=at)
    part = part_of(found, reads.ORDER, request.GET)
    titles = rule_reads.titles_of_rules()
    named = names_of(
        [("hcp", row.recipient_id) for row in part.rows]
        + [("alliances.campaign", row.campaign_id) for row in part.rows]
    )
    used = reads.uses(part.rows)
    for row in part.rows:
        row.title = titles.get(row.rule_id, row.rule_id)
        row.n_used = used.get(row.id, 0)
        row.is_over = bool(row.ended_at) or row.valid_until <= at
        row.covers = [
            one
            for one in (
                named.get(("hcp", row.recipient_id)),
                named.get(("alliances.campaign", row.campaign_id)),
            )
            if one
        ]
    context = {
        "part": part,
        "rows": part.rows,
        "standings": STANDINGS,
        "may_grant": "waiver.write" in scope.may,
    }
    return render(request, "policy/waivers.html", context)


@page("waiver.write", methods=("GET", "POST"))
def new_waiver(request: HttpRequest) -> HttpResponse:
    """Grant a waiver for a person, a campaign, or every act that the rule is about."""
    at, scope = datetime.now(UTC), current_scope()
    form = WaiverForm(posted(request), initial={"rule_id": text_of(request, "rule")})
    scoped = Scoped(
        recipient_id=id_of(request, "recipient"), campaign_id=id_of(request, "campaign")
    )
    choices = [
        (line.rule.id, f"{line.rule.id} · {line.rule.title}")
        for line in rule_reads.rules(on=at.date())
        if line.rule.overridable_by and may_act_for(line.rule.overridable_by, scope.roles)
    ]
    form.fields["rule_id"].choices = choices  # type: ignore[attr-defined]
    form.fields["valid_until"].widget.attrs["min"] = at.date().isoformat()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        until = datetime.combine(given["valid_until"] + timedelta(days=1), time.min, UTC)
        try:
            with transaction.atomic():
                grant_waiver(
                    given["rule_id"], scoped, reason=given["reason"], valid_until=until,
                    password=given["password"], at=at,
                )  # fmt: skip
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "The waiver is signed; each use of it is counted.")
            return redirect("policy:waivers")
    named = names_of([("hcp", scoped.recipient_id), ("alliances.campaign", scoped.campaign_id)])
    context = {
        "form": form,
        "has_choices": bool(choices),
        "covers": list(named.values()),
        "trail": [{"label": "Waivers", "url": reverse("policy:waivers")}],
    }
    return render(request, "policy/waiver_new.html", context, status=422 if form.errors else 200)


@page("waiver.write", methods=("POST",))
def end(request: HttpRequest, waiver_id: UUID) -> HttpResponse:
    """End a waiver early."""
    end_waiver(waiver_id, at=datetime.now(UTC))
    messages.success(request, "The waiver has ended; the rule is asked again.")
    return redirect("policy:waivers")

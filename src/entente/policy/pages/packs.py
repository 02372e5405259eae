"""Packs: what is in force, drafts, their trial on the past, and four eyes to activate one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.signatures import NotSigned
from entente.foundation.web.asked import day_of, posted, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.naming import names_of
from entente.policy.actions import activate_pack, drop_draft, save_draft
from entente.policy.actions.pack_life import readable
from entente.policy.domain.scenarios import run_scenarios
from entente.policy.models import PackDraft
from entente.policy.pages.decisions import act_words
from entente.policy.reads import packs as reads
from entente.policy.reads.compare import differences
from entente.policy.reads.rules import titles_of_rules
from entente.policy.reads.trial import try_pack

QUARTER = timedelta(days=92)
STATUS_TONES = {"draft": "info", "activated": "ok", "dropped": ""}
EXAMPLES = 20


class DraftForm(forms.Form):
    """A pack's text and what changes."""

    note = forms.CharField(label="What changes, and why", max_length=500, widget=forms.TextInput())
    text = forms.CharField(
        label="The pack",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "mono"}),
        help_text="Raise its version and say the change in its changelog.",
    )


class ActivateForm(forms.Form):
    """From when the pack is in force; the password signs it."""

    from_on = forms.DateField(label="In force from", widget=forms.DateInput(attrs={"type": "date"}))
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs exactly this text.",
    )


@page("policy.read")
def packs(request: HttpRequest) -> HttpResponse:
    """List the packs in force today, what comes, and the host's drafts."""
    today, scope = datetime.now(UTC).date(), current_scope()
    drafts = list(reads.drafts()[:50])
    for row in drafts:
        row.tone = STATUS_TONES[row.status]  # type: ignore[attr-defined]
    context = {
        "standing": reads.standing(today),
        "drafts": drafts,
        "may_write": "pack.write" in scope.may,
    }
    return render(request, "policy/packs.html", context)


@page("pack.write", methods=("GET", "POST"))
def write(request: HttpRequest) -> HttpResponse:
    """Write a draft: of a pack in force, of an earlier draft, or from a small example."""
    draft_id, at = _draft_asked(request), datetime.now(UTC)
    found = reads.draft(draft_id) if draft_id else None
    form = DraftForm(posted(request), initial=_first(request, found, at.date()))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                saved = save_draft(**form.cleaned_data, at=at, draft_id=draft_id)
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, "Saved. Nothing is decided by it yet.")
            return redirect("policy:draft", saved.id)
    context = {
        "form": form,
        "found": found,
        "trail": [{"label": "Packs", "url": reverse("policy:packs")}],
    }
    return render(request, "policy/pack_write.html", context, status=422 if form.errors else 200)


def _draft_asked(request: HttpRequest) -> UUID | None:
    try:
        return UUID(text_of(request, "draft"))
    except ValueError:
        return None


def _first(request: HttpRequest, found: PackDraft | None, today: date) -> dict[str, str]:
    if found is not None:
        return {"text": found.text, "note": found.note}
    wanted = text_of(request, "pack")
    if not wanted:
        return {"text": reads.example(today)}
    text = reads.text_in_force(wanted, today)
    if text is None:
        raise Http404
    return {"text": text}


@page("policy.read")
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show a draft: what differs, its cases, its trial on the past, and its activation."""
    return _shown(request, draft_id, ActivateForm(initial=_tomorrow()))


def _tomorrow() -> dict[str, str]:
    return {"from_on": (datetime.now(UTC).date() + timedelta(days=1)).isoformat()}


def _shown(
    request: HttpRequest, draft_id: UUID, form: ActivateForm, *, status: int = 200
) -> HttpResponse:
    scope, today = current_scope(), datetime.now(UTC).date()
    found = reads.draft(draft_id)
    pack = readable(found.text)
    tried = run_scenarios([pack])
    is_draft = found.status == PackDraft.Status.DRAFT
    since, until = day_of(request, "since"), day_of(request, "until")
    context: dict[str, Any] = {
        "draft": found,
        "pack": pack,
        "tone": STATUS_TONES[found.status],
        "differences": []
        if not is_draft
        else differences(reads.pack_in_force(pack.id, today), pack),
        "n_tried": len(tried),
        "failed": [one for one in tried if not one.ok],
        "is_draft": is_draft,
        "is_author": scope.actor_id == found.author_id,
        "may_write": is_draft and "pack.write" in scope.may,
        "form": form if is_draft and "pack.activate" in scope.may else None,
        "may_try": "decision.read" in scope.may,
        "since": since or today - QUARTER,
        "until": until or today,
        "trial": _trial(found, since, until) if since and until else None,
        "activation": getattr(found, "activation", None),
        "trail": [{"label": "Packs", "url": reverse("policy:packs")}],
    }
    return render(request, "policy/draft.html", context, status=status)


def _trial(found: PackDraft, since: date, until: date) -> dict[str, Any] | None:
    if until < since or until - since > timedelta(days=366):
        return None
    trial = try_pack(readable(found.text), found.text, since=since, until=until)
    own = {rule.id: rule.title for rule in readable(found.text).rules}
    titles = titles_of_rules() | own
    examples = trial.changes[:EXAMPLES]
    named = names_of(
        [("hcp", one.recipient_id) for one in examples]
        + [("alliances.campaign", campaign) for campaign, _, _ in trial.by_campaign]
    )
    return {
        "trial": trial,
        "by_rule": [
            (titles.get(rule_id, rule_id), rule_id, before, after, n)
            for (rule_id, before, after), n in trial.by_rule.most_common()
        ],
        "by_month": sorted((*key, n) for key, n in trial.by_month.items()),
        "by_campaign": [
            (named.get(("alliances.campaign", campaign)) if campaign else None, before, after, n)
            for (campaign, before, after), n in trial.by_campaign.most_common(20)
        ],
        "examples": [
            (one, act_words(one.act_type),
             named.get(("hcp", one.recipient_id)) if one.recipient_id else None)
            for one in examples
        ],
    }  # fmt: skip


@page("pack.activate", methods=("POST",))
def activate(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Bring a draft into force, as somebody who did not write it."""
    form = ActivateForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = activate_pack(draft_id, **form.cleaned_data, at=datetime.now(UTC))
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except OutOfScope as wrong:
            form.add_error(None, str(wrong))
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(
                request, f"{made.pack} {made.version} is in force from {made.from_on:%d %B %Y}."
            )
            return redirect("policy:draft", draft_id)
    return _shown(request, draft_id, form, status=422)


@page("pack.write", methods=("POST",))
def drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Drop a draft."""
    drop_draft(draft_id, at=datetime.now(UTC))
    messages.success(request, "The draft is dropped; it stays readable.")
    return redirect("policy:packs")

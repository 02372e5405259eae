"""What a party does with a deal: each posts, acts, and goes back to the deal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from entente.deals import actions
from entente.deals.models import Deal
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page


def _acted(request: HttpRequest, deal_id: UUID, act: Callable[[], Deal], said: str) -> HttpResponse:
    try:
        with transaction.atomic():
            act()
    except Deal.DoesNotExist:
        raise Http404 from None
    except UserError as trouble:
        messages.error(request, str(trouble).capitalize())
    else:
        messages.success(request, said)
    return redirect("deals:deal", deal_id)


@page("deal.write", methods=("POST",))
def accept(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Accept a deal; says at once whether it is protected now."""
    try:
        with transaction.atomic():
            found = actions.accept_deal(deal_id, at=datetime.now(UTC))
    except Deal.DoesNotExist:
        raise Http404 from None
    except UserError as trouble:
        messages.error(request, str(trouble).capitalize())
        return redirect("deals:deal", deal_id)
    if found.status == "protected":
        messages.success(request, "Both parties have accepted: the deal is protected.")
    elif found.status.startswith("accepted"):
        messages.success(request, "Accepted. The other party has to accept too.")
    else:
        messages.warning(request, "This opportunity is taken; the decision says until when.")
    return redirect("deals:deal", deal_id)


@page("deal.write", methods=("POST",))
def decline(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Decline what the other party registered."""
    reason, at = request.POST.get("reason", ""), datetime.now(UTC)
    return _acted(
        request, deal_id, lambda: actions.decline_deal(deal_id, reason=reason, at=at), "Declined."
    )


@page("deal.write", methods=("POST",))
def withdraw(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Withdraw what one has registered."""
    reason, at = request.POST.get("reason", ""), datetime.now(UTC)
    return _acted(
        request, deal_id, lambda: actions.withdraw_deal(deal_id, reason=reason, at=at), "Withdrawn."
    )


@page("deal.write", methods=("POST",))
def won(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Record that the customer has signed."""
    at = datetime.now(UTC)
    return _acted(request, deal_id, lambda: actions.mark_won(deal_id, at=at), "Marked as won.")


@page("deal.write", methods=("POST",))
def lost(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Record that the customer has decided otherwise."""
    reason, at = request.POST.get("reason", ""), datetime.now(UTC)
    return _acted(
        request,
        deal_id,
        lambda: actions.mark_lost(deal_id, reason=reason, at=at),
        "Marked as lost; the opportunity is free again.",
    )

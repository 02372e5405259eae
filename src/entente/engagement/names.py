"""What the objects of this room are called, for lists of other rooms."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from entente.directory import reads as directory
from entente.engagement.domain.placements import CHANNELS
from entente.engagement.models import (
    Detail,
    Event,
    EventPoll,
    EventQuestion,
    Expense,
    HandOver,
    Inquiry,
    Invitation,
    Lead,
    MailEvent,
    Meeting,
    MessageList,
    Placement,
    Send,
    Stock,
    Survey,
    Touch,
)
from entente.foundation.web.naming import Named, add_naming


def _sends(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = list(Send.objects.filter(id__in=ids).values_list("id", "hcp_id", "channel"))
    people = directory.hcps({hcp_id for _, hcp_id, _ in rows})
    words = {code: channel.words for code, channel in CHANNELS.items()}
    return {
        i: Named(
            words.get(channel, "E-mail")
            + (f" to {people[hcp_id].display_name}" if hcp_id in people else ""),
            reverse("engagement:send", args=[i]),
        )
        for i, hcp_id, channel in rows
    }


def _placements(ids: Collection[UUID]) -> dict[UUID, Named]:
    return {
        row.id: Named(str(row), reverse("engagement:placement", args=[row.id]))
        for row in Placement.objects.filter(id__in=ids)
    }


def _message_lists(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = MessageList.objects.filter(id__in=ids).select_related("placement")
    return {
        row.id: Named(
            f"List for {row.placement}",
            reverse("engagement:placement", args=[row.placement_id]) + "?tab=lists",
        )
        for row in rows
    }


def _expenses(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Expense.objects.filter(id__in=ids).values_list("id", "kind", "spent_on")
    kinds = dict(Expense.Kind.choices)
    return {
        i: Named(f"{kinds[kind]} of {day:%Y-%m-%d}", reverse("engagement:expense", args=[i]))
        for i, kind, day in rows
    }


def _inquiries(ids: Collection[UUID]) -> dict[UUID, Named]:
    # The wall is in the query: whoever may not read a question gets no name for it.
    rows = Inquiry.objects.filter(id__in=ids).select_related("hcp")
    return {
        row.id: Named(
            f"{row.get_kind_display()} · {row.hcp.display_name}",
            reverse("engagement:inquiry", args=[row.id]),
        )
        for row in rows
    }


def _touches(ids: Collection[UUID]) -> dict[UUID, Named]:
    # What stands behind the wall has no name in front of it.
    rows = Touch.objects.filter(id__in=ids).select_related("hcp")
    return {
        row.id: Named(
            f"{row.get_kind_display()} · {row.hcp.display_name}",
            reverse("engagement:touch", args=[row.id]),
        )
        for row in rows
    }


def _surveys(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Survey.objects.filter(id__in=ids).values_list("id", "title")
    return {i: Named(title, reverse("engagement:survey", args=[i])) for i, title in rows}


def _mail_events(ids: Collection[UUID]) -> dict[UUID, Named]:
    kinds = dict(MailEvent.Kind.choices)
    rows = MailEvent.objects.filter(id__in=ids).values_list("id", "kind")
    return {
        i: Named(kinds.get(kind, "A mail event"), reverse("engagement:mail_event", args=[i]))
        for i, kind in rows
    }


def _events(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Event.objects.filter(id__in=ids).values_list("id", "title")
    return {i: Named(title, reverse("engagement:event", args=[i])) for i, title in rows}


def _invitations(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Invitation.objects.filter(id__in=ids).select_related("event")
    return {
        row.id: Named(
            f"Invitation to {row.event.title}",
            reverse("engagement:event", args=[row.event_id]) + "?tab=invitations",
        )
        for row in rows
    }


def _hand_overs(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = HandOver.objects.filter(id__in=ids).select_related("hcp", "stock")
    return {
        row.id: Named(
            f"{row.stock.name} · {row.hcp.display_name}",
            reverse("engagement:hand_over", args=[row.id]),
        )
        for row in rows
    }


def _stock(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Stock.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name, reverse("engagement:stock", args=[i])) for i, name in rows}


def _details(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Detail.objects.filter(id__in=ids).select_related("hcp")
    return {
        row.id: Named(
            f"Remote detail · {row.hcp.display_name}", reverse("engagement:detail", args=[row.id])
        )
        for row in rows
    }


def _meetings(ids: Collection[UUID]) -> dict[UUID, Named]:
    # The wall is in the query, as for calls.
    rows = Meeting.objects.filter(id__in=ids).select_related("hcp")
    return {
        row.id: Named(
            f"Meeting with {row.hcp.display_name}", reverse("engagement:meeting", args=[row.id])
        )
        for row in rows
    }


def _polls(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = EventPoll.objects.filter(id__in=ids).values_list("id", "question", "event_id")
    return {
        i: Named(question, reverse("engagement:event_polls", args=[event_id]))
        for i, question, event_id in rows
    }


def _event_questions(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = EventQuestion.objects.filter(id__in=ids).values_list("id", "event_id")
    return {
        i: Named("A question in a webinar", reverse("engagement:event_polls", args=[event_id]))
        for i, event_id in rows
    }


def _leads(ids: Collection[UUID]) -> dict[UUID, Named]:
    rows = Lead.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(f"Lead: {name}", reverse("engagement:lead", args=[i])) for i, name in rows}


def register() -> None:
    """Say how sends, touches, expenses, inquiries and surveys are called."""
    add_naming("engagement.touch", _touches)
    add_naming("engagement.detail", _details)
    add_naming("engagement.event", _events)
    add_naming("engagement.poll", _polls)
    add_naming("engagement.event_question", _event_questions)
    add_naming("engagement.invitation", _invitations)
    add_naming("engagement.meeting", _meetings)
    add_naming("engagement.lead", _leads)
    add_naming("engagement.placement", _placements)
    add_naming("engagement.message_list", _message_lists)
    add_naming("engagement.survey", _surveys)
    add_naming("engagement.mail_event", _mail_events)
    add_naming("engagement.inquiry", _inquiries)
    # As the ledger called them while only medical staff recorded questions.
    add_naming("engagement.case", _inquiries)
    add_naming("engagement.send", _sends)
    add_naming("engagement.expense", _expenses)
    add_naming("engagement.hand_over", _hand_overs)
    add_naming("engagement.stock", _stock)

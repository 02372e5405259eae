"""What people fill in about questions: the capture, the answer, the hand-over, a route."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions import Question
from entente.engagement.actions.inquiry_answer import ANSWERABLE
from entente.engagement.actions.inquiry_capture import LONGEST
from entente.engagement.models import Inquiry
from entente.foundation.errors import UserError

Choices = Sequence[tuple[str, str]]
NO_PATIENT = "Leave out whatever would tell who a patient is."
# What an HCP can come by in person; the link is the HCP's own.
SOURCES = [each for each in Inquiry.Source.choices if each[0] != "link"]


class Blaming(forms.Form):
    """A form that shows what an action refused beside the field it names."""

    def blame(self, trouble: UserError) -> None:
        """Put a refusal beside its field, or above the form."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


class CaptureForm(Blaming):
    """What an HCP asked, in the HCP's own words, and who vouches for it."""

    question = forms.CharField(
        label="What was asked, in the HCP’s own words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_PATIENT,
    )
    kind = forms.ChoiceField(label="About", choices=Inquiry.Kind.choices)
    source = forms.ChoiceField(label="How it came", choices=SOURCES)
    priority = forms.ChoiceField(label="How soon", choices=Inquiry.Priority.choices)
    product = forms.TypedChoiceField(label="Product", coerce=UUID, required=False, empty_value=None)
    signed_by = forms.CharField(
        label="Signed by the person who asked",
        max_length=200,
        required=False,
        help_text="Their name, written by themselves; of a letter its reference.",
    )
    prompted = forms.BooleanField(
        label="I brought the subject up myself",
        required=False,
        help_text="It is then no unsolicited question, and stricter rules hold for the answer.",
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        products = [("", "None in particular"), *((p.id, p.name) for p in directory.products())]
        self.fields["product"].choices = products  # type: ignore[attr-defined]

    def asked(self, hcp_id: UUID) -> Question:
        """Give it as the action takes it."""
        given = self.cleaned_data
        return Question(
            hcp_id=hcp_id,
            words=given["question"],
            kind=given["kind"],
            source=given["source"],
            priority=given["priority"],
            product_id=given["product"],
            signed_by=given["signed_by"],
            is_unsolicited=not given["prompted"],
        )


class AnswerForm(Blaming):
    """What is answered, and how it gets there."""

    answer = forms.CharField(
        label="Answer",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=NO_PATIENT,
    )
    version = forms.TypedChoiceField(
        label="Approved content", coerce=UUID, required=False, empty_value=None
    )
    by_email = forms.BooleanField(
        label="Send it by e-mail",
        required=False,
        help_text="Otherwise it is recorded as given by you.",
    )

    def __init__(self, *given: Any, on: date, is_commercial: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        released = [
            (v.id, f"{v.item.title}, version {v.number}")
            for v in content.released_versions(on=on)
            if is_commercial or v.item.kind in ANSWERABLE
        ]
        self.fields["version"].choices = [("", "None"), *released]  # type: ignore[attr-defined]


class HandOverForm(Blaming):
    """To which kind of desk, and why."""

    kind = forms.ChoiceField(label="It is about")
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *given: Any, kinds: Choices, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class AssignForm(Blaming):
    """Which colleague."""

    assignee = forms.TypedChoiceField(label="Colleague", coerce=UUID)

    def __init__(self, *given: Any, mates: Iterable[Any], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["assignee"].choices = [(m.id, m.name) for m in mates]  # type: ignore[attr-defined]


class RouteForm(Blaming):
    """A line of the routing table."""

    desk = forms.ChoiceField(label="Desk")
    normal_hours = forms.IntegerField(label="Hours", min_value=1)
    urgent_hours = forms.IntegerField(label="Hours if urgent", min_value=1)
    deliver_to = forms.EmailField(
        label="Case reports go to",
        required=False,
        help_text="The mailbox from which the drug safety system reads.",
    )

    def __init__(self, *given: Any, desks: Choices, has_address: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["desk"].choices = desks  # type: ignore[attr-defined]
        if not has_address:
            del self.fields["deliver_to"]


class AcknowledgeForm(Blaming):
    """Under which number the safety system has it."""

    reference = forms.CharField(label="Number in the safety system", max_length=100)

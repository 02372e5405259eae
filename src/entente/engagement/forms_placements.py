"""What people fill in about publications on digital channels."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms

from entente.alliances import reads as alliances
from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.domain.placements import AUDIENCES, CHANNELS, PlacementPlan
from entente.engagement.models import Placement
from entente.foundation.domain.money import MoneyError, to_minor, to_text
from entente.foundation.errors import UserError

MOST_BYTES = 20 * 1024 * 1024
_LINES = re.compile(r"[\s,;]+")
_APPROVED_AS = {channel.approved_as for channel in CHANNELS.values()}


class PlacementForm(forms.Form):
    """A publication as it is planned."""

    version = forms.TypedChoiceField(label="Approved item", coerce=UUID)
    channel = forms.ChoiceField(
        label="Channel", choices=[(code, each.words) for code, each in CHANNELS.items()]
    )
    outlet = forms.CharField(
        label="Account or outlet", max_length=200,
        help_text="Where it appears, such as @halden_heart or The Test Gazette.",
    )  # fmt: skip
    audience = forms.ChoiceField(label="For whom", choices=list(AUDIENCES.items()))
    markets = forms.CharField(
        label="Markets", max_length=200, help_text="Two capitals each, such as DE, AT."
    )
    controller = forms.TypedChoiceField(label="In the name of", coerce=UUID)
    from_on = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_on = forms.DateField(
        label="Last day", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty for what stays, such as a press release.",
    )  # fmt: skip
    target_url = forms.CharField(
        label="Leads to", max_length=500, required=False,
        help_text="The address behind it; it begins with https://.",
    )  # fmt: skip
    campaign = forms.TypedChoiceField(
        label="Campaign", coerce=UUID, required=False, empty_value=None
    )
    budget_line = forms.TypedChoiceField(
        label="Line of its budget", coerce=UUID, required=False, empty_value=None
    )
    media_line = forms.CharField(
        label="Media line", max_length=120, required=False,
        help_text="The insertion order or line under which the outlet bills it.",
    )  # fmt: skip
    planned = forms.CharField(label="Planned spend", max_length=20, initial="0")
    currency = forms.CharField(label="Currency", min_length=3, max_length=3, initial="USD")
    shows_spend = forms.BooleanField(
        label="The other parties see planned and actual spend", required=False, initial=True
    )

    def __init__(
        self, *given: Any, org_id: UUID, on: Any, row: Placement | None = None, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        found = [v for v in content.released_versions(on=on) if _APPROVED_AS & set(v.channels)]
        self._choose("version", [(v.id, f"{v.item.title} · {v.number}") for v in found])
        entities = list(directory.legal_entities(org_id))
        self._choose("controller", [(e.id, e.name) for e in entities])
        campaigns = [c for c in alliances.campaigns() if c.status != "archived"]
        self._choose("campaign", [("", "None"), *((c.id, c.name) for c in campaigns)])
        self._choose("budget_line", [("", "None"), *_media_lines(campaigns)])
        if entities:
            self.fields["controller"].initial = entities[0].id
            self.fields["markets"].initial = entities[0].country
        if row is not None:
            self._fill(row)

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _fill(self, row: Placement) -> None:
        for name in ("channel", "outlet", "audience", "from_on", "to_on", "target_url",
                     "media_line", "currency", "shows_spend"):  # fmt: skip
            self.initial[name] = getattr(row, name)
        for name in ("version", "controller", "campaign", "budget_line"):
            self.initial[name] = getattr(row, f"{name}_id")
        self.initial["markets"] = ", ".join(row.markets)
        self.initial["planned"] = to_text(row.planned_minor, row.currency)
        # Who sees it hangs on item and campaign.
        self._choose("version", [(row.version_id, row.version.item.title)])
        name = row.campaign.name if row.campaign else "None"
        self._choose("campaign", [(row.campaign_id or "", name)])

    def plan(self) -> PlacementPlan:
        """Give the plan.

        Raises
        ------
        UserError
            If the amount cannot be read.
        """
        found = dict(self.cleaned_data)
        currency = found["currency"].upper()
        try:
            planned = to_minor(found.pop("planned"), currency)
        except MoneyError as trouble:
            raise UserError(str(trouble), field="planned") from None
        return PlacementPlan(
            version_id=found.pop("version"),
            controller_id=found.pop("controller"),
            campaign_id=found.pop("campaign"),
            budget_line_id=found.pop("budget_line"),
            planned_minor=planned,
            **found
            | {
                "currency": currency,
                "markets": tuple(m for m in _LINES.split(found["markets"].upper()) if m),
            },
        )

    def blame(self, trouble: UserError) -> None:
        """Put an error at the field it is about."""
        self.add_error(trouble.field if trouble.field in self.fields else None, str(trouble))


def _media_lines(campaigns: list[Any]) -> list[tuple[UUID, str]]:
    names = {campaign.id: campaign.name for campaign in campaigns}
    return [
        (line.id, f"{names[line.campaign_id]} · {line.note or line.get_category_display()}")
        for line in alliances.media_lines_of(list(names))
    ]


class ReasonForm(forms.Form):
    """Why, or how one knows."""

    reason = forms.CharField(label="Reason", max_length=300)


class ReportForm(forms.Form):
    """A file of results."""

    file = forms.FileField(label="Report (CSV)")

    def clean_file(self) -> Any:
        """Refuse what is too long to be a report."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError("A file has at most 20 MB; give it in parts.")
        return given

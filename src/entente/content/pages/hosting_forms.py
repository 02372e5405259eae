"""Forms of those who publish: a page, a personal link, a file, an interactive item."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms

from entente.content.actions import Publication
from entente.content.models import Version
from entente.directory import reads as directory

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LANGUAGES = [
    ("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"), ("it", "Italian"),
    ("pt", "Portuguese"), ("nl", "Dutch"), ("pl", "Polish"), ("ja", "Japanese"),
]  # fmt: skip


class PublishForm(forms.Form):
    """Where a version is to be read, and what its page asks of readers."""

    slug = forms.CharField(
        required=False,
        max_length=80,
        label="Public address",
        help_text="Small letters, digits and hyphens. Empty: only personal links open the page.",
    )
    sender = forms.ChoiceField(help_text="Its name and address stand on the page.")
    country = forms.ChoiceField(help_text="The gate is asked for this country.")
    language = forms.ChoiceField(choices=LANGUAGES, help_text="In which the version is written.")
    starts_on = forms.DateField(required=False, widget=DAY, label="From")
    ends_on = forms.DateField(required=False, widget=DAY, label="Last day")
    asks_declaration = forms.BooleanField(
        required=False,
        label="Ask readers if they are health professionals",
        help_text="Always asked where the version is for professionals alone.",
    )
    takes_registrations = forms.BooleanField(
        required=False,
        label="Let readers ask to be told more",
        help_text="They leave a name and an e-mail address. It permits no advertising.",
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        entities = directory.legal_entities(version.org_id)
        self.fields["sender"].choices = [(str(e.id), e.name) for e in entities]  # type: ignore[attr-defined]
        self.fields["country"].choices = [(m, m) for m in version.markets]  # type: ignore[attr-defined]

    def publication(self) -> Publication:
        """Give what was typed as the action takes it; days begin and end in UTC."""
        given = dict(self.cleaned_data)
        first, last = given.pop("starts_on"), given.pop("ends_on")
        return Publication(
            version_id=self.version.id,
            sender_id=UUID(given.pop("sender")),
            starts_at=datetime.combine(first, time.min, UTC) if first else None,
            ends_at=datetime.combine(last, time.max, UTC) if last else None,
            **given,
        )


class LinkForm(forms.Form):
    """For whom a personal link is, and how long it holds."""

    npi = forms.CharField(max_length=10, label="NPI of the health professional")
    valid_days = forms.IntegerField(
        min_value=1, max_value=365, initial=90, label="Holds for so many days"
    )

    def clean_npi(self) -> UUID:
        """Find the person."""
        found = directory.hcps_by_npi([self.cleaned_data["npi"]])
        if not found:
            raise forms.ValidationError("Nobody is known by this NPI.")
        return next(iter(found.values())).id


class FileForm(forms.Form):
    """A file for readers to download."""

    file = forms.FileField(help_text="PDF, PNG, JPEG or GIF, at most 5 MB.")
    description = forms.CharField(max_length=200, help_text="What it is; readers see this.")


class ToolForm(forms.Form):
    """The definition of an interactive item."""

    body = forms.CharField(
        label="Definition",
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text="A calculator, algorithm, case or microlearning as data, with its test cases.",
    )

    def clean_body(self) -> dict[str, Any]:
        """Read the definition as JSON."""
        try:
            body = json.loads(self.cleaned_data["body"])
        except (json.JSONDecodeError, RecursionError) as wrong:
            where = f" in line {wrong.lineno}" if isinstance(wrong, json.JSONDecodeError) else ""
            raise forms.ValidationError(f"This is no JSON{where}.") from None
        if not isinstance(body, dict):
            raise forms.ValidationError("A definition is an object, in curly brackets.")
        return body

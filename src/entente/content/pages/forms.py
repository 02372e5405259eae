"""Forms of the room: what a person types, before an action judges it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.forms import Form

from entente.content.actions import Words
from entente.content.actions.write import AUDIENCES, CHANNELS
from entente.content.domain.holds import HOLDS
from entente.content.models import Filing, Item, Version
from entente.content.reads import claims
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError

AUDIENCE_WORDS = dict(
    zip(
        AUDIENCES,
        ("Health professionals", "Organisations", "Patients", "The public", "Payers", "Partners"),
        strict=True,
    )
)
CHANNEL_WORDS = dict(
    zip(
        CHANNELS,
        ("E-mail", "In person", "Web page", "Post", "Telephone", "SMS", "App", "Social media"),
        strict=True,
    )
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def blame(form: Form, wrong: UserError) -> None:
    """Put an action's refusal next to the field at fault, or above the form."""
    form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))


class ItemForm(forms.Form):
    """A new item."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Item.Kind.choices)
    product = forms.ChoiceField(required=False, help_text="Promotion always names its product.")
    partners = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Partners whose name stands on it",
        help_text="Each of them has to approve every version before it leaves.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = current_scope().org_id
        products = [(str(p.id), p.name) for p in directory.products()]
        partners = [(str(o.id), o.name) for o in directory.organisations_visible() if o.id != own]
        self.fields["product"].choices = [("", "None"), *products]  # type: ignore[attr-defined]
        self.fields["partners"].choices = partners  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The words of a version."""

    subject = forms.CharField(max_length=200)
    html = forms.CharField(
        label="HTML",
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text="Words, links, lists and tables. Scripts, forms, styles and images are taken"
        " out. Merge fields: {{given_name}}, {{family_name}}, {{unsubscribe_url}},"
        " {{preferences_url}}.",
    )
    text = forms.CharField(
        label="Text form",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="For readers of text.",
    )
    markets = forms.CharField(help_text="Country codes with blanks between them, such as US CA.")
    audiences = forms.MultipleChoiceField(
        choices=list(AUDIENCE_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        choices=list(CHANNEL_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(label="Last day", widget=DAY, help_text="At most 24 months away.")
    support_statement = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What each party contributed; it names all of them and stands in both forms.",
    )
    claims = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    holds = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What it holds",
        choices=[(code, words) for code, (words, _) in HOLDS.items()],
        help_text="The gate asks about each; what is not ticked counts as not there."
        " Reviewers sign for it too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            c for c in claims() if c.withdrawn_at is None and c.org_id == current_scope().org_id
        ]
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (str(c.id), f"{c.text} ({c.market}{', ' + c.label_section if c.label_section else ''})")
            for c in known
        ]

    def clean_markets(self) -> list[str]:
        """Read country codes."""
        codes: list[str] = self.cleaned_data["markets"].upper().replace(",", " ").split()
        unknown = [code for code in codes if not is_country(code)]
        if unknown:
            raise forms.ValidationError(f"{', '.join(unknown)}: no such country code.")
        return codes

    @staticmethod
    def from_version(version: Version) -> dict[str, Any]:
        """Give the form's first values from a version."""
        return {
            "subject": version.subject,
            "html": version.html,
            "text": version.text,
            "markets": " ".join(version.markets),
            "audiences": version.audiences,
            "channels": version.channels,
            "expires_on": version.expires_on,
            "support_statement": version.support_statement,
            "holds": version.holds or [],
            "claims": [str(use.claim_id) for use in version.claim_uses.all()],
        }

    def words(self) -> Words:
        """Give what was typed as the action takes it."""
        given = dict(self.cleaned_data)
        return Words(claim_ids=[UUID(each) for each in given.pop("claims")], **given)


class VerdictForm(forms.Form):
    """A reviewer's verdict; the password signs it."""

    verdict = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            ("approve", "Approve: release this version as it is"),
            ("approve_with_changes", "Approve once the changes I name are made"),
            ("refuse", "Refuse"),
        ],
    )
    comment = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What has to change; needed for every verdict but approval.",
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs the bytes you see here.",
    )


class FilingForm(forms.Form):
    """That the version was filed with an authority."""

    authority = forms.ChoiceField(choices=Filing.Authority.choices)
    filed_on = forms.DateField(label="Filed on", widget=DAY)
    reference = forms.CharField(max_length=200, help_text="As the authority confirmed it.")


class ClaimForm(forms.Form):
    """A claim with its first reference."""

    text = forms.CharField(max_length=1500, widget=forms.Textarea(attrs={"rows": 3}), label="Claim")
    product = forms.ChoiceField(required=False)
    market = forms.CharField(max_length=2, help_text="Country code, such as US.")
    in_label = forms.BooleanField(required=False, label="The label says it")
    label_section = forms.CharField(max_length=100, required=False)
    expires_on = forms.DateField(required=False, widget=DAY, label="Holds until")
    title = forms.CharField(max_length=300, label="Reference")
    source = forms.CharField(max_length=300, help_text="Journal, registry or document.")
    anchor = forms.CharField(max_length=100, label="Place", help_text="Page, table or figure.")
    url = forms.URLField(required=False, label="Address", assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(str(p.id), p.name) for p in directory.products()]
        self.fields["product"].choices = [("", "None"), *products]  # type: ignore[attr-defined]

    def clean_market(self) -> str:
        """Read a country code."""
        return str(self.cleaned_data["market"]).upper()

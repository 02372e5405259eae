"""What an administrator fills in to let a mail service tell its events."""

from __future__ import annotations

from django import forms

from entente.engagement.models import MailProvider


class HookForm(forms.Form):
    """Which mail service, and the key that proves what it tells."""

    provider = forms.ChoiceField(label="Mail service", choices=MailProvider.choices)
    key = forms.CharField(
        label="Key",
        max_length=1_000,
        # Never shown again: a form that comes back with an error comes back without it.
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="SendGrid: the verification key of its signed event webhook."
        " Mailgun: the HTTP webhook signing key.",
    )

"""Channels and purposes in the words, and the language, of the person they concern."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNELS: dict[str, str | Promise] = {
    "email": _("E-mail"),
    "sms": _("SMS"),
    "phone": _("Telephone"),
    "fax": _("Fax"),
    "post": _("Post"),
    "in_person": _("In person"),
    "web": _("Web"),
    "social": _("Social media"),
    "app": _("App message"),
    "any": _("Any channel"),
}
PURPOSES: dict[str, str | Promise] = {
    "promotion": _("Product information"),
    "education": _("Disease education"),
    "medical": _("Medical information"),
    "event": _("Events"),
    "disclosure": _("Disclosure of payments"),
    "sharing": _("Passing on to a partner"),
    "": _("All purposes"),
}

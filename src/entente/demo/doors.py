"""What the demo puts into the shell, and only in the demo."""

from django.conf import settings

from entente.foundation.web import shelf

if settings.IS_DEMO:
    shelf.add_menu(shelf.MenuEntry(99, "Caught mail", "demo:mail", "mailbox", "home.read"))

"""What the room puts into the shell."""

from entente.foundation.web import shelf

shelf.add_menu(shelf.MenuEntry(90, "Decisions", "policy:decisions", "shield-check", "decision.read"))

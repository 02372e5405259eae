"""What rooms put into the shell: menu, home panels, searches, panels on each other's pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the navigation, shown to those who may open it."""

    order: int
    label: str
    url_name: str
    icon: str
    capability: str


@dataclass(frozen=True)
class HomePanel:
    """A panel of the home page of some roles: the work of the day."""

    order: int
    roles: frozenset[Role]
    template: str
    context: Callable[[Scope], dict[str, Any]]


@dataclass(frozen=True)
class Hit:
    """One result of the search from anywhere."""

    label: str
    detail: str
    url: str
    icon: str


@dataclass(frozen=True)
class Search:
    """A search over one kind of object."""

    order: int
    title: str
    capability: str
    find: Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True)
class Panel:
    """A panel that a higher room adds to a page of a lower one, for example to the HCP page."""

    order: int
    page: str
    capability: str
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]


_menu: dict[str, MenuEntry] = {}
_home: dict[tuple[str, int], HomePanel] = {}
_searches: dict[str, Search] = {}
_panels: dict[tuple[str, str], Panel] = {}


def add_menu(entry: MenuEntry) -> None:
    """Add a menu entry."""
    _menu[entry.url_name] = entry


def add_home(panel: HomePanel) -> None:
    """Add a panel to the home page of its roles."""
    _home[(panel.template, panel.order)] = panel


def add_search(search: Search) -> None:
    """Add a search to the palette."""
    _searches[search.title] = search


def add_panel(panel: Panel) -> None:
    """Add a panel to another room's page."""
    _panels[(panel.page, panel.template)] = panel


def menu_of(scope: Scope) -> list[MenuEntry]:
    """Give the menu of a person, in order."""
    shown = [entry for entry in _menu.values() if entry.capability in scope.may]
    return sorted(shown, key=lambda entry: entry.order)


def home_of(scope: Scope) -> list[HomePanel]:
    """Give the home panels of a person, in order."""
    shown = [panel for panel in _home.values() if panel.roles & scope.roles]
    return sorted(shown, key=lambda panel: panel.order)


def searches_of(scope: Scope) -> list[Search]:
    """Give the searches a person may use, in order."""
    shown = [search for search in _searches.values() if search.capability in scope.may]
    return sorted(shown, key=lambda search: search.order)


def panels_of(page: str, scope: Scope) -> list[Panel]:
    """Give the panels of a page that a person may see, in order."""
    shown = [p for p in _panels.values() if p.page == page and p.capability in scope.may]
    return sorted(shown, key=lambda panel: panel.order)


def render_panels(page: str, request: HttpRequest, subject: Any) -> list[str]:
    """Render the panels that other rooms add to a page, for its subject."""
    from django.template.loader import render_to_string

    from entente.foundation.access.scope import current_scope

    rendered: list[str] = []
    for panel in panels_of(page, current_scope()):
        context = panel.context(request, subject)
        if context is not None:
            rendered.append(
                render_to_string(panel.template, {**context, "subject": subject}, request)
            )
    return rendered

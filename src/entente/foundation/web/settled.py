"""Templates that are settled once they are parsed, so that each page costs less to write.

Django walks a template node by node and asks of each what it is every time. Here the same nodes,
parsed by Django and Cotton, get quicker ways to do the same: a run of fixed words is put together
once for each language, and a plain variable is looked up and escaped without detours. Whatever is
out of the ordinary (a filter, a callable with arguments, a name that is not there) is left to
Django's own code, so a template means here what it means there. Nothing of a page is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, ClassVar, cast
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.context import Context
from django.template.defaulttags import ForNode, URLNode
from django.template.loaders.cached import Loader as CachedLoader
from django.template.smartif import TokenBase
from django.templatetags.i18n import TranslateNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django_cotton.templatetags import InlineTemplate
from django_cotton.templatetags._component import PreparedValue

_MISSING = "Failed lookup for key [%s] in %r"
Part = str | Callable[[Context], str]


class _Unusual(Exception):
    """What was looked up is left to Django."""


def _absence(holder: Any, bit: str) -> Exception:
    """Say that a name is nowhere, unless Django has more places to look for it."""
    if hasattr(type(holder), bit) or bit.isdigit():
        return _Unusual()
    return VariableDoesNotExist(_MISSING, (bit, holder))


class SettledVariable(Variable):
    """A variable whose ordinary lookups, in dictionaries and of attributes, are done here."""

    __slots__ = ()

    def _resolve_lookup(self, context: Any) -> Any:
        try:
            return self._looked_up(context)
        except _Unusual:
            pass
        except VariableDoesNotExist:
            raise
        except Exception:  # noqa: S110 - Django meets it again
            # Django knows which failures are silent, and says the others in its own words.
            pass
        return super()._resolve_lookup(context)  # type: ignore[misc]

    def _looked_up(self, context: Any) -> Any:
        first, *others = self.lookups  # type: ignore[misc]
        for each in reversed(context.dicts):
            if first in each:
                found = each[first]
                break
        else:
            raise _absence(context, first)
        if callable(found):
            raise _Unusual
        for bit in others:
            kind = type(found)
            if kind is dict or (kind is QueryDict and bit in found):
                found = found[bit]
            elif kind is QueryDict:
                raise _absence(found, bit)
            elif hasattr(kind, "__getitem__"):
                raise _Unusual
            else:
                found = getattr(found, bit)
            if callable(found):
                if hasattr(found, "do_not_call_in_templates") or hasattr(found, "alters_data"):
                    raise _Unusual
                found = found()
        return found


class SettledExpression(FilterExpression):
    """A variable without filters, which is most of them, is looked up and no more."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        """Give the value."""
        if self.filters or not self.is_var or self.var.translate or self.var.lookups is None:
            return super().resolve(context, ignore_failures)
        try:
            return self.var._resolve_lookup(context)
        except VariableDoesNotExist:
            if ignore_failures:
                return None
            return super().resolve(context)


class SettledVariableNode(VariableNode):
    """A variable written into the page, escaped at once where it is plain text."""

    def render(self, context: Context) -> str:
        """Write the value."""
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        kind = type(value)
        if kind is SafeString:
            return value  # type: ignore[no-any-return]
        if kind is str and context.autoescape:
            return escape(value)
        return render_value_in_context(value, context)


class SettledForNode(ForNode):
    """A loop over single values; the counters are kept as Django keeps them."""

    def render(self, context: Context) -> SafeString:
        """Write the loop."""
        if len(self.loopvars) != 1:
            return cast("SafeString", super().render(context))
        parent = context.get("forloop", {})
        name, write = self.loopvars[0], cast("NodeList", self.nodelist_loop).render
        with context.push():
            values = cast("FilterExpression", self.sequence).resolve(context, ignore_failures=True)
            if values is None:
                values = []
            if not hasattr(values, "__len__"):
                values = list(values)
            n_values = len(values)
            if n_values < 1:
                return cast("NodeList", self.nodelist_empty).render(context)
            loop = context["forloop"] = {"parentloop": parent}
            written = []
            for place, item in enumerate(reversed(values) if self.is_reversed else values):
                loop["counter0"] = place
                loop["counter"] = place + 1
                loop["revcounter"] = n_values - place
                loop["revcounter0"] = n_values - place - 1
                loop["first"] = place == 0
                loop["last"] = place == n_values - 1
                context[name] = item
                written.append(write(context))
        return SafeString("".join(written))


class SettledUrlNode(URLNode):
    """An address; of those that hold one UUID only the UUID differs, so the rest is kept."""

    # View, place in the site, and what stands before and behind the UUID.
    _kept: ClassVar[dict[tuple[Any, ...], tuple[str, str]]] = {}

    def render(self, context: Context) -> str:
        """Write the address."""
        if self.asvar or self.kwargs or len(self.args) != 1:
            return super().render(context)
        asked, request = self.args[0].resolve(context), getattr(context, "request", None)
        if type(asked) is not UUID or request is None or not context.autoescape:
            return super().render(context)
        match = getattr(request, "resolver_match", None)
        place = getattr(request, "current_app", match and match.namespace)
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        key = (self.view_name.resolve(context), place, urlconf, get_script_prefix())
        value = str(asked)
        if key not in self._kept:
            written = super().render(context)
            before, found, behind = written.partition(value)
            if found and value not in behind:
                self._kept[key] = (before, behind)
            return written
        before, behind = self._kept[key]
        return f"{before}{value}{behind}"


class FixedWords:
    """A run of text and of words to translate, put together once for each language."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes, self._written = nodes, dict[tuple[str | None, bool], str]()

    def __call__(self, context: Context) -> str:
        """Write the run in the reader's language."""
        key = (get_language(), context.autoescape)
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = "".join([n.render(context) for n in self._nodes])
        return written


class SettledNodeList(NodeList):
    """Nodes in a row, of which the fixed ones are written together."""

    parts: list[Part]

    def render(self, context: Context) -> SafeString:
        """Write all nodes."""
        return SafeString(
            "".join([part if type(part) is str else part(context) for part in self.parts])  # type: ignore[operator]
        )


def _is_fixed(node: Node) -> bool:
    """Tell whether a node writes the same whatever the context holds, but for the language."""
    if type(node) is TextNode:
        return True
    if type(node) is not TranslateNode or node.asvar or node.message_context:
        return False
    said = node.filter_expression
    return not said.filters and isinstance(said.var, Variable) and said.var.lookups is None


def _parts(nodes: list[Node]) -> list[Part]:
    parts: list[Part] = []
    run: list[Node] = []

    def close() -> None:
        if all(type(each) is TextNode for each in run):
            parts.extend(["".join(cast("TextNode", each).s for each in run)] if run else [])
        else:
            parts.append(FixedWords(list(run)))
        run.clear()

    for node in nodes:
        if _is_fixed(node):
            run.append(node)
        else:
            close()
            parts.append(node.render)
    close()
    return parts


_QUICKER: dict[type, type] = {
    Variable: SettledVariable,
    FilterExpression: SettledExpression,
    VariableNode: SettledVariableNode,
    ForNode: SettledForNode,
    URLNode: SettledUrlNode,
}
_WALKED = (Node, NodeList, FilterExpression, TokenBase, InlineTemplate, PreparedValue)


def _held(thing: Any) -> list[Any]:
    """Give what a part of a template holds."""
    held = list(getattr(thing, "__dict__", {}).values())
    for kind in type(thing).__mro__:
        held += [getattr(thing, s, None) for s in getattr(kind, "__slots__", ()) if s[:2] != "__"]
    return held


def settle(thing: Any, seen: set[int] | None = None) -> None:
    """Give every node below a quicker way to do the same."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        within = list(thing.values())
    elif isinstance(thing, list | tuple):
        within = list(thing)
    elif isinstance(thing, (*_WALKED, Variable)):
        within = _held(thing)
    else:
        return
    for each in within:
        settle(each, seen)
    if type(thing) is NodeList:
        parts = _parts(thing)
        thing.parts = parts  # type: ignore[attr-defined]
        thing.__class__ = SettledNodeList
    elif type(thing) in _QUICKER:
        thing.__class__ = _QUICKER[type(thing)]


class Loader(CachedLoader):
    """Django's cache of parsed templates, which settles each before its first use."""

    def get_template(self, template_name: str, skip: Any = None) -> Any:
        """Give a template; one that Django shows faults of is left as parsed."""
        template = super().get_template(template_name, skip)
        if not self.engine.debug and type(template.nodelist) is NodeList:
            settle(template.nodelist)
        return template

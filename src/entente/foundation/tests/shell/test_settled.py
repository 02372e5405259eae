"""Templates that are settled write what Django itself writes."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest
from django.template import Context, Engine, RequestContext, Template, engines
from django.templatetags.i18n import TranslateNode
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from entente.foundation.web.settled import SettledNodeList, settle

HCP = UUID("01890000-0000-7000-8000-00000000000a")
OTHER = UUID("01890000-0000-7000-8000-00000000000b")


class Silent(Exception):
    """A failure that a template keeps quiet about."""

    silent_variable_failure = True


class Person:
    """Somebody with all that a template may ask of a thing."""

    name = "O'Hale <b>"
    nothing = None

    def greeting(self):
        return "good & bad"

    def two(self, n):
        return n

    def delete(self):
        raise AssertionError("a template never does this")

    delete.alters_data = True

    @property
    def quiet(self):
        raise Silent

    @property
    def broken(self):
        return self.not_there


def world() -> dict[str, object]:
    return {
        "person": Person(), "word": "<i>", "safe": SafeString("<i>"), "n": 1234567, "none": None,
        "rows": [{"id": HCP, "name": "a&b"}, {"id": OTHER, "name": "c"}], "pairs": [(1, 2), (3, 4)],
        "names": ["x", "y"], "empty": [], "call": lambda: "<called>", "id": HCP, "kind": Person,
        "made": SimpleNamespace(inner={"a": [10, 20]}, items="own"), "items": {"items": "mine"},
    }  # fmt: skip


SAME = [
    "{{ word }} {{ safe }} {{ n }} {{ none }} {{ absent }} {{ absent.more }} {{ call }}",
    "{{ person.name }} {{ person.greeting }} {{ person.two }} {{ person.quiet }} {{ person.none }}",
    "{{ person.delete }}|{{ kind.name }}|{{ items.items }}|{{ made.items }}|{{ made.inner.a.1 }}",
    "{{ names.0 }} {{ names.7 }} {{ names.x }} {{ rows.1.name }} {{ word|default:'–' }}",
    "{% autoescape off %}{{ word }} {{ person.name }}{% endautoescape %}{{ 'a<b' }} {{ 1.5 }}",
    "{% for row in rows %}{{ forloop.counter }}/{{ forloop.revcounter0 }} {{ row.name }}"
    "{% if forloop.last %}.{% else %}, {% endif %}{% endfor %}",
    "{% for row in rows reversed %}{% for n in names %}{{ forloop.parentloop.counter0 }}{{ n }}"
    "{{ forloop.first }}{% endfor %}{% endfor %}{{ row }}{{ forloop }}",
    "{% for a, b in pairs %}{{ a }}-{{ b }};{% endfor %}{% for a in empty %}x{% empty %}none"
    "{% endfor %}{% for a in none %}x{% endfor %}{% for c in word %}{{ c }}{% endfor %}",
    "{{ request.GET.q }}{{ request.GET.absent }}|{{ request.GET.urlencode }}|{{ request.GET.0 }}"
    "{% if request.GET.absent %}a{% else %}b{% endif %}{{ push }}{{ dicts }}{% if absent %}a{% endif %}"
    "{{ absent|default:'d' }}{{ word|default:n|upper }}{{ 3 }}{{ _('Clear') }}",
    "{% load i18n %}a{% translate 'Clear' %}b{% translate 'Name' as said %}{{ said }} 100 %"
    "{% translate word %}{% translate 'May' context 'month' %}{% translate '50%% <b>' %}",
    "{% load i18n %}{% for n in names %}{% cycle 'odd' 'even' %}{% translate 'Clear' %}{% endfor %}"
    "{% with x=word %}{{ x }}{% endwith %}{% if person.absent %}a{% elif n > 3 %}b{% endif %}",
    "{% url 'directory:hcp' id %}{% for row in rows %} {% url 'directory:hcp' row.id %}{% endfor %}"
    "{% url 'directory:hcps' %}{% url 'directory:hcp' id as address %}{{ address }}",
]


def both(source: str, context: dict[str, object]) -> tuple[str, str]:
    """Give what Django writes, and what the settled template writes."""
    request = RequestFactory().get("/?q=<a>&items=1")
    engine: Engine = engines["django"].engine
    plain, settled = Template(source, engine=engine), Template(source, engine=engine)
    settle(settled.nodelist)
    assert type(settled.nodelist) is SettledNodeList
    twice = [settled.render(RequestContext(request, context)) for _ in range(2)]
    assert twice[0] == twice[1]
    return plain.render(RequestContext(request, context)), twice[0]


@pytest.mark.parametrize("source", SAME)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_settled_template_writes_what_django_writes(source, language):
    with override(language):
        django, ours = both(source, world())
    assert ours == django


def test_words_follow_the_language_of_the_reader(monkeypatch):
    template = Template("{% load i18n %}<b>{% translate 'Clear' %}</b>")
    settle(template.nodelist)
    asked: list[str] = []
    monkeypatch.setattr(
        TranslateNode, "render", lambda *_: asked.append(get_language()) or asked[-1]
    )
    for language in ("en", "de", "en", "de", "fr"):
        with override(language):
            assert template.render(Context()) == f"<b>{language}</b>"
    assert asked == ["en", "de", "fr"]


def test_a_property_that_is_broken_is_reported_as_django_reports_it():
    template = Template("{{ person.broken }}")
    settle(template.nodelist)
    with pytest.raises(AttributeError, match="not_there"):
        template.render(Context({"person": Person()}))


def test_addresses_of_different_people_differ_and_the_rest_is_kept():
    request = RequestFactory().get("/")
    template = Template("{% url 'directory:hcp' id %}", engine=engines["django"].engine)
    settle(template.nodelist)
    written = [template.render(RequestContext(request, {"id": each})) for each in (HCP, OTHER, HCP)]
    assert written == [f"/hcps/{HCP}/", f"/hcps/{OTHER}/", f"/hcps/{HCP}/"]


def test_pages_of_the_site_are_settled():
    for name in ("app.html", "directory/hcps.html", "cotton/table.html"):
        assert type(engines["django"].get_template(name).template.nodelist) is SettledNodeList

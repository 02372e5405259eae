"""Page components: what page authors, screen readers and the security policy rely on."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from entente.foundation.web import components
from entente.foundation.web.fonts import FILES, FontFinder

REPOSITORY = Path(__file__).parents[5]
SOURCE = REPOSITORY / "src" / "entente"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
NAMES = sorted(path.stem for path in components.FOLDER.glob("*.html"))


def rendered(source, path="/hcps", **context):
    request = RequestFactory().get(path)
    # The loader compiles <c-...> in files; a test's text has no file.
    compiled = CottonCompiler().process(source)
    return engines["django"].from_string(compiled).render(context, request)


def test_the_reference_page_says_what_the_components_say():
    page = REPOSITORY / "docs" / "reference" / "components.md"
    assert page.read_text(encoding="utf-8") == components.reference(), (
        "run: python -m entente.foundation.web.components > docs/reference/components.md"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_example_in_a_component_s_comment_renders(name):
    example = components.read_component(components.FOLDER / f"{name}.html").example
    example = re.sub(r"\{% url .*? %\}", "/somewhere", example)
    html = rendered(example, deal={"protected_until": date(2026, 12, 3)})
    assert "<c-" not in html
    assert html.strip()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_holds_what_the_content_security_policy_forbids(path):
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"\shx-on", text), "inline handler by htmx"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or "application/json" in script, "inline script"


def test_every_static_file_that_a_template_names_exists():
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"\{% static '([^']+)' %\}", path.read_text())
    }
    assert "entente/css/tokens.css" in named
    assert [name for name in named if not finders.find(name)] == []


def test_every_stylesheet_is_loaded_and_names_no_colour_outside_the_tokens():
    folder = SOURCE / "foundation" / "web" / "static" / "entente" / "css"
    base = (SOURCE / "foundation" / "web" / "templates" / "base.html").read_text()
    for sheet in folder.glob("*.css"):
        assert f"entente/css/{sheet.name}" in base
        if sheet.name != "tokens.css":
            rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
            assert not re.search(r":[^;{]*#[0-9a-f]{3,8}\b", rules), sheet.name


def test_the_typeface_is_served_from_its_package_with_its_licence():
    listed = {name for name, _ in FontFinder().list(None)}
    assert listed == {*FILES, "LICENSE.txt"}
    for name in listed:
        assert Path(FontFinder().find(f"entente/fonts/{name}")).is_file()
    assert FontFinder().find("entente/fonts/../../secret") == []


def test_a_value_from_a_variable_cannot_break_out_of_an_attribute():
    html = rendered('<c-card :data-x="evil" title="T" />', evil='"><script>alert(1)</script>')
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("attribute", ["style", "onclick"])
def test_an_attribute_that_the_policy_forbids_is_refused(attribute):
    with pytest.raises(ValueError, match=attribute):
        rendered(f'<c-card {attribute}="x" title="T" />')


def test_attributes_of_the_page_around_do_not_leak_into_a_component():
    html = rendered("<c-card><c-tag>x</c-tag></c-card>", title="Leaked", tone="bad", href="/leak")
    assert "Leaked" not in html
    assert "bad" not in html
    assert "/leak" not in html


def test_a_column_head_sorts_and_keeps_the_filters_but_not_the_page():
    html = rendered('<c-th sort="name">Name</c-th>', path="/hcps?q=muster&after=17&sort=name")
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=muster&amp;sort=-name"' in html


def test_the_next_page_keeps_filters_and_order():
    html = rendered(
        '<c-pages after="{{ key }}" :shown="50" :total="1204" noun="HCPs" />',
        path="/hcps?q=a%26b&sort=name&before=3",
        key="x y",
    )
    assert 'href="?q=a%26b&amp;sort=name&amp;after=x+y"' in html
    assert "50 of 1,204 HCPs" in html


def test_a_query_value_can_be_dropped():
    html = rendered("{% qs state=None %}", path="/hcps?state=open&q=a&page=3")
    assert html == "?q=a"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("PERMIT", "May go"), ("REFER", "Needs a person"), ("FORBID", "Must not go")],
)
def test_an_outcome_is_words_and_not_only_a_colour(outcome, words):
    assert words in rendered('<c-outcome :value="outcome" />', outcome=outcome)


def test_a_reason_shows_its_clause_its_facts_and_what_would_change_it():
    reason = {
        "outcome": "FORBID",
        "rule_id": "EU-EPR-13-1",
        "sentence": "Dr. Muster has not agreed to e-mail.",
        "citation": "Directive 2002/58/EC, Article 13(1)",
        "clause_url": "/rules/EU-EPR-13-1",
        "used": [("consent.state", "withdrawn")],
        "missing": ["recipient.country"],
        "would_change": "A new consent.",
    }
    html = rendered('<c-why :reason="reason" />', reason=reason)
    for text in ("has not agreed", 'href="/rules/EU-EPR-13-1"', "withdrawn", "A new consent."):
        assert text in html
    assert "Not known: recipient.country" in html


def test_a_field_with_an_error_says_so_to_a_screen_reader():
    html = rendered('<c-input name="npi" label="NPI" error="Ten digits." help="As printed." />')
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["npi_helptext", "npi_error"]
    assert all(f'id="{name}"' in html for name in described)


def test_an_empty_value_in_a_definition_is_called_not_known():
    assert "not known" in rendered('<c-definition label="Licence"> </c-definition>')


def test_an_icon_button_has_a_name():
    assert 'aria-label="Copy"' in rendered('<c-button icon="copy" label="Copy" type="button" />')


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "429", "500"])
def test_an_error_page_needs_no_context_at_all(status):
    html = render_to_string(f"{status}.html")
    assert html.count("<h1>") == 1
    assert 'data-theme=""' in html


def test_the_page_says_its_theme_and_has_a_skip_link():
    html = render_to_string("plain.html", {"theme": "dark"})
    assert 'data-theme="dark"' in html
    assert 'class="skip" href="#main"' in html
    assert 'id="main"' in html


def test_money_in_a_template_is_written_from_minor_units():
    assert (
        rendered('{{ 214050|money:"EUR" }} {{ nothing|money:"EUR" }}', nothing=None)
        == "€2,140.50 –"
    )

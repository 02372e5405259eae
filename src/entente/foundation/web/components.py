"""The reference of page components, read from the comment at the top of each template.

``python -m entente.foundation.web.components`` prints docs/reference/components.md.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "templates" / "cotton"
_COMMENT = re.compile(r"\A\{% comment %\}\n(.*?)\n\{% endcomment %\}", re.DOTALL)

_GROUPS = {
    "Page": "page_header breadcrumbs tabs tab card menu disclosure dialog confirm",
    "Numbers and charts": "stats stat chart progress",
    "Words and states": "tag outcome why alert empty chip code kbd avatar when",
    "Lists": "table th td filters pages definitions definition timeline event steps schedule",
    "Forms": "form field input select textarea checkbox radios button",
    "Waiting": "loading skeleton",
}

_HEAD = """# Page components

Generated from the comment at the top of each file in `foundation/web/templates/cotton`
by `python -m entente.foundation.web.components`; a test fails when this page is behind.

How to write them: `name="text"` passes text, `name="{{ x }}"` text with a value in it,
`:name="x"` the value itself (a list, a number, an object), a bare `name` means true.
Inside the quotes of an attribute use the other kind of quotes. No `{% load %}` is needed.
Never write `style=` or `on...=`: the content security policy forbids both.

## Skeletons

- `app.html`, for people who are signed in. Blocks: `title`, `breadcrumbs`, `header`, `content`,
  `main_class` (`narrow` for forms), `scripts`
- `plain.html`, public pages in one quiet column. Blocks: `title`, `content`,
  `main_class` (`wide`), `foot`
- `signin.html`, public pages in one card. Blocks: `title`, `content`, `below`

```html
{% extends "app.html" %}
{% block title %}Campaigns · Entente{% endblock %}
{% block header %}<c-page-header title="Campaigns" />{% endblock %}
{% block content %}...{% endblock %}
```

Inside `content`, `<div class="grid aside">` puts a narrow column at the right, `grid` (with
`small` or `large`) folds cards of one size, `stack` (`tight`, `loose`) sets things below each
other, `row` (`between`) beside each other. `<ul class="reasons">` with an icon in each `li`
lists reasons. Words: `muted`, `small`, `strong`, `num`, `nowrap`, `measure`, `sr-only`.

Search results: `search/results.html` for htmx and `search/page.html` otherwise, both with
`query` and `groups`, a list of `{title, hits: [{label, detail, url, icon}]}`.
The theme form posts `theme` (`light` or `dark`) and `next` to the page named `theme`.

## Tags and filters

- `{% icon "mail" %}`, `{% icon "check" label="Sent" %}`: an icon of the lucide set
- `{{ amount_minor|money:currency }}`: €2,140.50, from minor units
- `{{ n|number }}`, `{{ x|number:2 }}`: 1,204 and 0.50
- `{{ share|percent }}`, `{{ share|percent:1 }}`: a share from 0 to 1 as 43% and 42.7%
- `{{ effective_on|day }}`, `{{ decided_at|moment }}`, `{{ due_at|distance }}`: in the reader's
  language and zone; `{{ day|iso }}` for machines
- `{{ outcome|outcome_words }}`: May go; `{{ outcome|look_of }}`: its words, icon and tone
- `{{ name|initials }}`: VM
- `{% qs sort="name" %}`, `{% qs state=None %}`: this address with one value changed

## Charts

Python, in `entente.foundation.web.charts`; each returns markup that a template prints as it is.

- `bar_list(title, [Bar(label, value, note="", href="", tone="")], maximum=None, write=plain)`:
  horizontal bars
- `funnel(title, [Bar(...)], write=plain)`: stages with the part that remains
- `columns(title, labels, {name: values}, summary="", limit=("Cap", 8), write=plain)`:
  stacked columns
- `lines(title, labels, {name: values}, area=False, summary="", limit=None, write=plain)`:
  lines; `None` is a gap
- `sparkline(title, values)`: a small line without axes
"""


@dataclass(frozen=True)
class Component:
    """One component as its own template documents it."""

    name: str
    words: str
    example: str


def read_component(path: Path) -> Component:
    """Read a component's documentation.

    Raises
    ------
    ValueError
        If the file does not begin with a comment that holds words and an example.
    """
    comment = _COMMENT.match(path.read_text(encoding="utf-8"))
    if comment is None:
        raise ValueError(f"{path.name} does not begin with a comment that documents it")
    words, _, example = comment[1].partition("\n\n<")
    words, _, attributes = words.partition("\n\n")
    example = f"<{example}" if example else ""
    if not example and attributes.startswith("<"):
        attributes, example = "", attributes
    if not example:
        raise ValueError(f"{path.name} shows no example")
    lines = [f"- {line.strip()}" for line in attributes.splitlines() if line.strip()]
    text = words if not lines else f"{words}\n\n" + "\n".join(lines)
    return Component("c-" + path.stem.replace("_", "-"), text, example)


def reference() -> str:
    """Return docs/reference/components.md as it should be.

    Examples
    --------
    >>> "### c-card" in reference()
    True
    """
    known = {path.stem for path in FOLDER.glob("*.html")}
    listed = [name for names in _GROUPS.values() for name in names.split()]
    if set(listed) != known:
        raise ValueError(f"components and their groups differ: {set(listed) ^ known}")
    parts = [_HEAD]
    for group, names in _GROUPS.items():
        parts.append(f"## {group}\n")
        for name in names.split():
            component = read_component(FOLDER / f"{name}.html")
            parts.append(
                f"### {component.name}\n\n{component.words}\n\n```html\n{component.example}\n```\n"
            )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(reference())

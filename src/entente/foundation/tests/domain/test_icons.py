"""Icons: each name that a template or the navigation writes out can be drawn."""

from pathlib import Path

import pytest

from entente.foundation.web.icons import icon_names, icon_svg, icons_used
from entente.foundation.web.outcomes import LOOKS, outcome_look

SOURCE = Path(__file__).parents[3]


def test_every_icon_that_a_template_or_a_menu_entry_uses_exists():
    used = icons_used([SOURCE])
    assert len(used) > 20
    assert {name: str(path) for name, path in used.items() if name not in icon_names()} == {}


def test_every_outcome_has_words_and_an_icon_that_exists():
    assert {look.icon for look in LOOKS.values()} <= icon_names()
    assert len({look.words for look in LOOKS.values()}) == 3


def test_an_unknown_outcome_never_looks_like_a_permit():
    assert outcome_look("anything").tone == ""
    assert outcome_look("permit").words == "May go"


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in icon_svg("mail")
    assert "aria-hidden" not in icon_svg("mail", label="E-mail")


def test_a_label_is_escaped():
    assert 'aria-label="&quot;x&quot; &lt;b&gt;"' in icon_svg("mail", label='"x" <b>')


def test_an_unknown_icon_is_refused_by_name():
    with pytest.raises(LookupError, match="no-such-icon"):
        icon_svg("no-such-icon")

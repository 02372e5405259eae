"""Three labels that nobody here wrote; skipped where they are not at hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entente.content import actions
from entente.content.adapters.spl import read_label
from entente.content.domain.labels import BOXED, INDICATIONS
from entente.directory.actions import add_product
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "drug-labels"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder ../shared/data is not there"),
    pytest.mark.feature("content/content-metadata"),
]  # fmt: skip
LABELS = {
    "Humira": ("spl_humira.xml.gz", 1560, date(2013, 9, 30), 1, 7),
    "Lipitor": ("spl_lipitor-orig.xml.gz", 11, date(2014, 1, 13), 0, 3),
    "Viagra": ("spl_viagra.xml.gz", 20, date(2017, 11, 7), 0, 0),
}


@pytest.mark.parametrize("name", LABELS)
def test_a_real_label_is_read_whole(name):
    file, number, day, n_boxed, n_parts = LABELS[name]
    label = read_label(DATA / file)
    assert (label.number, label.effective_on) == (number, day)
    assert name in label.product_names
    codes = [s.code for s in label.sections]
    assert codes.count(BOXED) == n_boxed
    top = next(s for s in label.sections if s.code == INDICATIONS and s.parent is None)
    assert sum(s.parent == top.position for s in label.sections) == n_parts
    assert len({s.key for s in label.sections}) == len(label.sections)
    assert all("\n\n" not in s.text and "  " not in s.text for s in label.sections)


def test_all_three_load_and_a_second_time_changes_nothing(cast, noon):
    with act_as(cast.system()):
        products = {name: add_product(name, "medicine", [], at=noon) for name in LABELS}
    with act_as(cast.scope(Role.BRAND_LEAD)):
        for name, (file, *_) in LABELS.items():
            done = actions.load_label(DATA / file, product_id=products[name].id, at=noon)
            assert (done.is_new, done.is_current) == (True, True)
            assert done.n_sections > 50
            again = actions.load_label(DATA / file, product_id=products[name].id, at=noon)
            assert not again.is_new

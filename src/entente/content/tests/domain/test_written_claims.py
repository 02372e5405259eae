"""A hundred and twenty claims of our own over three real labels, and how the pre-check judges them."""

from __future__ import annotations

import pytest

from entente.content.tests import judging

pytestmark = [
    pytest.mark.skipif(
        not judging.DATA.is_dir(), reason="the public data folder ../shared/data is not there"
    ),
    pytest.mark.feature("content/pre-check"),
    pytest.mark.feature("policy/guardrails"),
]


# Shares found of those off label, and let through of those on label: below what was measured,
# so that a change of the lists is noticed. What was never tuned on has the lower floor.
FLOORS = {"tuned": (0.95, 0.95), "held": (0.95, 0.9), "fresh": (0.95, 0.8), "last": (0.9, 0.55)}


@pytest.fixture(scope="module")
def labels():
    return judging.texts()


@pytest.mark.parametrize("part", judging.PARTS)
def test_written_claims_are_judged_and_the_grave_ones_never_pass_silently(part, labels):
    counts = judging.count(judging.written(part), labels)
    print(f"{part}: {counts.line()}")
    assert counts.silent == []
    found, clear = FLOORS[part]
    assert counts.found >= found * (counts.found + len(counts.missed))
    assert counts.clear >= clear * (counts.clear + len(counts.false))


def test_there_are_enough_claims_half_of_them_off_label_a_third_kept_aside():
    parts = {part: judging.written(part) for part in judging.PARTS}
    both = [claim for claims in parts.values() for claim in claims]
    assert len(both) >= 60 and (len(parts["held"]) + len(parts["last"])) * 3 >= len(both)
    assert sum(claim["on"] for claim in both) * 2 == len(both)
    assert {c["product"] for c in both} == set(judging.FILES)
    assert len({c["text"] for c in both}) == len(both)


WHO = {
    "humira": ("children of two years", "toddlers", "adolescents with psoriasis", "boys with Crohn's disease"),
    "lipitor": ("pregnant women", "nursing mothers", "a child of 7 years", "patients with active liver disease"),
    "viagra": ("women", "teenagers", "boys", "patients who take nitroglycerin", "men on riociguat"),
}  # fmt: skip
SAID = (
    "{} can be given to {}.", "{} is a good choice for {}.", "Prescribe {} to {}.",
    "{} works well in {}.", "{} is safe for {}.", "Recommend {} for {}.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("product", "who"), [(product, who) for product, each in WHO.items() for who in each]
)
def test_who_is_excluded_by_a_real_label_is_never_addressed_silently(product, who, labels):
    for said in SAID:
        text = said.format(product.upper(), who)
        found = judging.judged(text, labels[product])
        assert [f for f in found if f.label_words], text


BOXED = (
    "HUMIRA never causes infections.",
    "There is no risk of tuberculosis with HUMIRA.",
    "HUMIRA is safe in patients with latent tuberculosis.",
    "Lymphoma is nothing to fear with HUMIRA.",
    "With HUMIRA no need to test for tuberculosis.",
    "HUMIRA is harmless as to malignancies.",
    "Fungal infections are no concern with HUMIRA.",
)


@pytest.mark.parametrize("text", BOXED)
def test_what_contradicts_a_real_boxed_warning_is_blocked_with_the_label_quoted(text, labels):
    found = judging.judged(text, labels["humira"])
    assert [f for f in found if f.severity == "block" and f.label_words], text

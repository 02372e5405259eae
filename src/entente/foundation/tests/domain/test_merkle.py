"""The hash tree: every leaf is proved by its path, and nothing else is."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.foundation.domain.merkle import (
    chain_root,
    leaf_hash,
    merkle_path,
    merkle_root,
    root_from_path,
)

QUICK = settings(max_examples=40, deadline=None)

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def twin_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + twin_root(leaves[:k]) + twin_root(leaves[k:])).digest()


@QUICK
@given(LEAVES)
def test_the_root_is_that_of_rfc_6962(leaves):
    assert merkle_root(leaves) == twin_root(leaves)


@pytest.mark.promise("P7")
@QUICK
@given(LEAVES, st.data())
def test_every_leaf_is_proved_by_its_path(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert root_from_path(leaves[index], merkle_path(leaves, index)) == merkle_root(leaves)


@pytest.mark.promise("P7")
@QUICK
@given(LEAVES, st.data())
def test_a_path_proves_no_other_leaf(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda b: b != leaves[index]))
    assert root_from_path(other, merkle_path(leaves, index)) != merkle_root(leaves)


@pytest.mark.promise("P7")
@QUICK
@given(LEAVES, st.data())
def test_any_change_of_any_leaf_changes_the_root(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(leaves[index])
    changed[bit // 8] ^= 1 << bit % 8
    assert merkle_root([*leaves[:index], bytes(changed), *leaves[index + 1 :]]) != merkle_root(
        leaves
    )


@QUICK
@given(LEAVES.filter(lambda leaves: len(set(leaves)) > 1))
def test_the_order_of_leaves_is_sealed_too(leaves):
    assert leaves == leaves[::-1] or merkle_root(leaves) != merkle_root(leaves[::-1])


@QUICK
@given(LEAVES)
def test_a_shorter_or_longer_batch_has_another_root(leaves):
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)


def test_an_inner_node_cannot_pass_for_an_entry():
    left, right = leaf_hash(1, "{}"), leaf_hash(2, "{}")
    assert merkle_root([left, right]) != hashlib.sha256(b"\x00" + left + right).digest()


def test_a_batch_without_entries_has_no_root():
    with pytest.raises(ValueError, match="without entries"):
        merkle_root([])


@QUICK
@given(st.integers(1, 10**9), st.integers(1, 10**9), st.text(), st.text())
def test_the_place_of_an_entry_is_part_of_its_hash(seq, other_seq, body, other_body):
    same = (seq, body) == (other_seq, other_body)
    assert (leaf_hash(seq, body) == leaf_hash(other_seq, other_body)) == same


def test_a_link_of_the_chain_depends_on_all_it_joins():
    a, b = bytes(32), bytes([1]) * 32
    links = {
        chain_root(a, b, 1, 2), chain_root(b, b, 1, 2), chain_root(a, a, 1, 2),
        chain_root(a, b, 2, 2), chain_root(a, b, 1, 3), chain_root(a, b, 12, 2),
    }  # fmt: skip
    assert len(links) == 6

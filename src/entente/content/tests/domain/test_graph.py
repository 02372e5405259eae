"""Where the boxes of an evidence graph stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from entente.content.domain.graph import MOST_IN_COLUMN, Column, Node, lay_out

KEYS = [f"n{n}" for n in range(30)]
graphs = st.tuples(
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(list(Column))), max_size=60),
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=60),
)


@given(graphs)
def test_no_two_boxes_share_a_place_and_every_box_is_drawn_or_counted(drawn):
    nodes = [Node(key, column, "Claim", key) for key, column in drawn[0]]
    picture = lay_out(nodes, drawn[1])
    places = [(box.column, box.row) for box in picture.boxes]
    assert len(places) == len(set(places))
    known = {node.key for node in nodes}
    assert len(places) + sum(picture.left_out.values()) == len(known)
    assert all(row < MOST_IN_COLUMN for _, row in places)
    assert all(column < picture.n_columns for column, _ in places)
    assert all(row < picture.n_rows for _, row in places)


@given(graphs)
def test_every_line_joins_two_boxes_that_are_drawn_and_was_asked_for(drawn):
    picture = lay_out([Node(k, c, "Claim", k) for k, c in drawn[0]], drawn[1])
    boxes = set(picture.boxes)
    for a, b in picture.lines:
        assert {a, b} <= boxes
        assert (a.node.key, b.node.key) in drawn[1]


def test_neighbours_stand_beside_each_other():
    left = [Node(f"a{n}", Column.CLAIM, "Claim", "") for n in range(4)]
    right = [Node(f"b{n}", Column.ITEM, "Item", "") for n in range(4)]
    picture = lay_out([*left, *right], [(f"a{n}", f"b{3 - n}") for n in range(4)])
    assert all(a.row == b.row for a, b in picture.lines)

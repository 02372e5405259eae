"""What one page asks twice is read once, for one scope only."""

from __future__ import annotations

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.once import once_per_page, one_page


def counted():
    asked: list[object] = []

    @once_per_page
    def read(*given: object) -> list[object]:
        asked.append(given)
        return [len(asked)]

    return read, asked


def test_a_page_reads_the_same_once_and_other_arguments_anew(cast):
    read, asked = counted()
    with act_as(cast.scope(Role.REPRESENTATIVE)), one_page():
        first = read(1)
        first.append("of mine")
        assert read(1) == [1]
        assert read(2) == [2]
    assert asked == [(1,), (2,)]


def test_nothing_is_kept_for_the_next_page_nor_outside_of_one(cast):
    read, asked = counted()
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        for _ in range(2):
            with one_page():
                read(1)
        read(1)
        read(1)
    assert len(asked) == 4


def test_another_scope_never_gets_what_this_one_read(cast):
    read, asked = counted()
    with one_page():
        with act_as(cast.scope(Role.REPRESENTATIVE)):
            assert read(1) == [1]
        with act_as(cast.scope(Role.STEWARD)):
            assert read(1) == [2]
    assert len(asked) == 2

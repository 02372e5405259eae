"""Small cells stay hidden, also against subtraction."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.directory.domain.cohorts import shown_counts

COUNTS = st.dictionaries(
    st.sampled_from(["CT", "MA", "NY", "VT", "RI", "ME"]), st.integers(1, 60), max_size=6
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(COUNTS, st.integers(11, 20))
def test_no_hidden_number_can_be_worked_out(counts, least):
    total, cells = shown_counts(counts, least)
    assert set(cells) == set(counts)
    hidden = [name for name, n in cells.items() if n is None]
    assert all(n >= least for n in cells.values() if n is not None)
    assert all(cells[name] == n for name, n in counts.items() if name not in hidden)
    if total is None:
        assert sum(counts.values()) < least and len(hidden) == len(counts)
    elif hidden and len(hidden) < len(cells):
        rest = total - sum(n for n in cells.values() if n is not None)
        assert len(hidden) > 1 and rest >= least

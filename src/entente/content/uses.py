"""Where content is used: rooms count what they did with each version, and say when it began."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

Counts = dict[UUID, dict[str, int]]
"""For each version what was counted of it, by column; versions with nothing are left out."""


@dataclass(frozen=True)
class Window:
    """Whole days up to a moment: the first moment is within, and so is the last."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, days: int, at: datetime) -> Window:
        """Give the days up to a moment, that of the moment counted.

        Examples
        --------
        >>> Window.of(2, datetime(2026, 11, 20, 9, 30, tzinfo=UTC)).first_on
        datetime.date(2026, 11, 19)
        """
        moment = at.astimezone(UTC)
        today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(today - timedelta(days=days - 1), moment)

    @property
    def first_on(self) -> date:
        """The first day."""
        return self.since.date()

    @property
    def last_on(self) -> date:
        """The last day, which may not be over."""
        return self.until.date()


@dataclass(frozen=True)
class Column:
    """Something that is counted.

    Parameters
    ----------
    words : str
        What a person reads.
    on_page : bool
        Whether it stands in the table of the page; files and programs are given all.
    of_people : bool
        Whether a small number points at somebody, so that a partner is not told it.
    """

    words: str
    on_page: bool = True
    of_people: bool = False


@dataclass(frozen=True)
class FirstUse:
    """The day on which a version was used first, or else is planned to be."""

    used_on: date | None = None
    planned_on: date | None = None

    @property
    def on(self) -> date | None:
        """The day that counts."""
        return self.used_on or self.planned_on

    def joined(self, other: FirstUse) -> FirstUse:
        """Give the earlier of each.

        Examples
        --------
        >>> FirstUse(None, date(2026, 5, 1)).joined(FirstUse(date(2026, 6, 1))).on
        datetime.date(2026, 6, 1)
        """
        return FirstUse(
            min(filter(None, (self.used_on, other.used_on)), default=None),
            min(filter(None, (self.planned_on, other.planned_on)), default=None),
        )


@dataclass(frozen=True)
class Source:
    """A kind of use that a room counts, such as e-mails.

    Parameters
    ----------
    order : int
        Where its columns stand among those of others, low first.
    columns : mapping of str to Column
        What is counted, by code.
    count : callable
        Counts for versions in a window with a fixed number of queries, as one sees it.
    first_use : callable
        Gives the day on which each version was used in a country, or is planned to be; as of a
        moment.
    """

    order: int
    code: str
    columns: Mapping[str, Column]
    count: Callable[[Sequence[UUID], Window], Counts]
    first_use: Callable[[Sequence[UUID], str, datetime], Mapping[UUID, FirstUse]]


_SOURCES: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Register a kind of use; the same code again takes the earlier one's place."""
    _SOURCES[source.code] = source


def sources() -> list[Source]:
    """Give the kinds of use in their order."""
    return sorted(_SOURCES.values(), key=lambda source: (source.order, source.code))


def columns() -> dict[str, Column]:
    """Give all that is counted, by code."""
    return {code: column for source in sources() for code, column in source.columns.items()}


def counted(versions: Sequence[UUID], window: Window) -> Counts:
    """Count every kind of use of some versions."""
    found: Counts = {}
    for source in sources():
        for version_id, counts in source.count(versions, window).items():
            found.setdefault(version_id, {}).update(counts)
    return found


def first_uses(versions: Sequence[UUID], country: str, at: datetime) -> dict[UUID, FirstUse]:
    """Give the first use of some versions in a country, over every kind."""
    found: dict[UUID, FirstUse] = {}
    for source in sources():
        for version_id, use in source.first_use(versions, country, at).items():
            found[version_id] = found.get(version_id, FirstUse()).joined(use)
    return found

"""Pages of the room: a campaign's result, the dictionary of measures."""

from entente.measurement.pages.results import context_of, dictionary, results

__all__ = ["context_of", "dictionary", "results"]

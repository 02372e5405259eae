"""Calculations of consent: what countries ask by default, and the clocks of requests."""

"""Calculations of consent, without database and clock."""

"""Calculations of consent: clocks, defaults by country, FHIR; without database and clock."""

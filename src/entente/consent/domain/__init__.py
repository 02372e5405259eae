"""Calculations of consent: clocks, defaults by country, FHIR, overlap; no database, no clock."""

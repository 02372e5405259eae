"""Shapes of other systems: events of mail services and their signatures."""

"""Values and calculations of the room: states, merge fields, markup, fingerprints, checks."""

"""The web shell: the one place for look, components, charts and formats."""

"""Settings, addresses and commands: composition only; no room imports it."""

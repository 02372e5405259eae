"""The demo world, and the main job performed on it."""

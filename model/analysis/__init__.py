"""Analysis: what can be read off a state."""

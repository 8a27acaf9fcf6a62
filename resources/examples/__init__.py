"""Examples that a user runs and changes."""

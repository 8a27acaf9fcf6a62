"""Training: settings, the session and what it remembers."""

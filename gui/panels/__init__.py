"""Panels: one picture of the session each."""

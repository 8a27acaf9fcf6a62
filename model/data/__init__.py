"""Data sets: made, split and scaled."""

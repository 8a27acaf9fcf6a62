"""Files: everything read from or written to disk."""

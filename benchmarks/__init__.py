"""Measured ratios: each beside its peer, in one run on one machine. `python -m benchmarks`."""

"""Comparison: grids of settings, lock-step races, sweeps over processes or a cluster, results."""

"""Measured against floors, as ratios taken in one run. `make bench` runs them all."""

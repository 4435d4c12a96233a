"""Grids and definitions in, tidy tables and problems out; every row is accounted for."""

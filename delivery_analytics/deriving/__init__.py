"""Figures that nobody sent: what formulas make of others, and regions of their nation."""

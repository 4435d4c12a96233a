"""Plan, make, reuse, file and announce an edition."""

"""Look at a workbook nobody has seen, and draft how it is to be read."""

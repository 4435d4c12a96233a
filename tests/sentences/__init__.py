"""Every published sentence is read back, and its figures are worked out once more."""

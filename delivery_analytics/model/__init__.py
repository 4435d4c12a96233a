"""What was agreed, and the tidy tables with their contract."""

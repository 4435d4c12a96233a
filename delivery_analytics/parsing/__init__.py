"""What one cell says: numbers, days, periods, marks, and names as they are written."""

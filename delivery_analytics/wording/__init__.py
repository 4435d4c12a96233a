"""Every word, number and date that a reader sees, in the reader's language."""

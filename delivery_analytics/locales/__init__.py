"""Languages: the texts of each in a ``.po`` file, and how each writes numbers and dates."""

"""What a busy reader gets: which rows of a report matter, and the brief made of them."""

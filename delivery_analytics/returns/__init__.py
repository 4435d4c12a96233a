"""The round trip with the sender: the blank form, and the marked copy of what came back."""

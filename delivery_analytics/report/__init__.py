"""The document model: a report and its blocks, the theme, and how each shows in Jupyter."""

"""The methods as worked examples: drawn as tables, computed by hand."""

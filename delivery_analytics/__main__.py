"""``python -m delivery_analytics`` is the same as ``delivery``."""

from delivery_analytics.cli.main import main

main()

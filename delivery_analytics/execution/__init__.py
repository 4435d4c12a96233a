"""Run one notebook or many, each in a process of its own, on this machine or on a cluster."""

from delivery_analytics.execution.import_guard import without_grammars

without_grammars()  # in whatever process one of these modules is imported: a cluster's too

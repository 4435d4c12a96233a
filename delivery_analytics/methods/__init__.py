"""The status methods, by name. A new one is a function in a module of this package."""

from delivery_analytics.methods.register import AGAINST, METHODS, SIGNS, SLACK, method
from delivery_analytics.methods.shares import within_tolerance

__all__ = ["AGAINST", "METHODS", "SIGNS", "SLACK", "method", "within_tolerance"]

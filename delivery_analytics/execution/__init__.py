"""Run one notebook or many, each in a process of its own, on this machine or on a cluster."""

"""The commands: arguments, calls and printing, and nothing else."""

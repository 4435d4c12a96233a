"""When: cron lines, the process that waits, and exports to the system's own schedulers."""

"""List models that turn row tuples into minimal Qt changes."""

"""Pure functions from the desk's state to the rows that a window shows."""

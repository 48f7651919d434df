"""Questions and forms that never block the event loop."""

"""A WeChat server for customer service, as an ASGI application with its own customers."""

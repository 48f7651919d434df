"""Typed asyncio client for WeChat's customer-service HTTP API."""

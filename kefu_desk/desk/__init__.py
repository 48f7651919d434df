"""The running core: asyncio services that turn what the gateway says into facts."""

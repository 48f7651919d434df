"""Pure values and rules of customer service: no input or output, no clock, no asyncio."""

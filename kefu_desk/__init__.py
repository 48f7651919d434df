"""kefu-desk: a desktop console for the people who answer customers of a WeChat Official Account."""

__version__ = "0.1.0"

"""The Qt window: it shows rows and emits intentions, and knows nothing else."""

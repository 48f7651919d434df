"""One line a figure: what was measured, its floor of the same run, and the budget."""

from collections.abc import Sequence
from statistics import median


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the sorted values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def line(name: str, figure: str, floor: str, budget: str, *, kept: bool) -> None:
    """Prints one result."""
    print(f"{name:44} {figure:>24}   {floor:>20}   {budget} {'kept' if kept else 'OVER'}", flush=True)


def spread(values: Sequence[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    return f"p50 {median(values) * 1e3:.1f} p99 {quantile(values, 0.99) * 1e3:.1f} ms"

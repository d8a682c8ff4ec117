"""Numbers as a table on standard output."""

import statistics


def number(value):
    """Three digits that matter: 1.23, 12.3, 123, 45.6k, 1.23M."""
    for limit, unit in ((1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            return f"{number(value / (limit if unit == 'M' else 1e3))}{unit}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values):
    """Half the distance between the largest and the smallest, as a share of the median."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / 2 / middle if middle else 0


def verdict(ratio, targets, less):
    if not targets:
        return ""
    worse, aim = targets
    reached = (lambda goal: ratio <= goal) if less else (lambda goal: ratio >= goal)
    return f"{'aim' if reached(aim) else 'ok' if reached(worse) else 'MISSED'} ({worse:g}, {aim:g})"


HEAD = ("workload", "unit", "ours", "mosquitto", "ratio", "target", "spread", "CPU s/M", "", "p99 us", "", "RSS MB", "")
WIDTHS = (24, 10, 8, 10, 7, 18, 9, 8, 7, 8, 7, 7, 6)


def line(cells):
    print("".join(f"{cell:<{width}}" if at < 2 else f"{cell:>{width}}"
                  for at, (cell, width) in enumerate(zip(cells, WIDTHS))), flush=True)  # fmt: skip


def head():
    line(HEAD)
    line(("",) * 7 + ("ours", "mosq.") * 3)

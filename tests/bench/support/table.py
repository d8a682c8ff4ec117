"""Numbers as a table on standard output."""

import statistics


def number(value):
    """Three digits that matter: 1.23, 12.3, 123, 45.6k, 1.23M."""
    for limit, factor, unit in ((1e6, 1e-6, "M"), (1e4, 1e-3, "k")):
        if abs(value) >= limit:
            return number(value * factor) + unit
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def values(rows, name):
    return [row[name] for row in rows if name in row]


def middle(rows, name):
    found = values(rows, name)
    return statistics.median(found) if found else None


def cell(rows, name, scale=1.0):
    value = middle(rows, name)
    return "" if value is None else number(value * scale)


def spread(rows, name):
    """Half the distance between the largest and the smallest, as a share of the median."""
    found = values(rows, name)
    return f"{(max(found) - min(found)) / 2 / (statistics.median(found) or 1):.0%}" if found else ""


def cpu(rows, times):
    """Processor microseconds of the server for one message (or connection)."""
    found = [row["server_cpu_s"] / row["messages"] * 1e6 / times for row in rows if row["messages"]]
    return statistics.median(found) if found else None


def verdict(value, targets, less):
    if not targets or not value:
        return ""
    least, aim = targets
    reached = [value <= goal if less else value >= goal for goal in (least, aim)]
    return f"{'aim' if reached[1] else 'ok' if reached[0] else 'MISSED'} ({least:g}, {aim:g})"


HEAD = ("workload", "unit", "ours", "other", "ratio", "spread", "(least, aim)", "CPU us", "other", "ratio", "", "load",
        "p99 us", "other", "RSS MB", "other")  # fmt: skip
WIDTHS = (26, 10, 7, 7, 7, 10, 21, 8, 7, 7, 21, 6, 8, 7, 8, 7)


def line(cells):
    print("".join(f"{text:<{width}}" if at < 2 else f"{text:>{width}}"
                  for at, (text, width) in enumerate(zip(cells, WIDTHS))), flush=True)  # fmt: skip


def head():
    line(HEAD)


def failure(workload, reason):
    print(f"{workload.name:<{WIDTHS[0]}}FAILED: {reason}", flush=True)


def ratio(ours, theirs):
    return ours / theirs if ours and theirs else None


def ratio_text(value):
    return "" if value is None else f"{value:.2f}"


def result(workload, ours, theirs=()):
    """One workload's line; `theirs` is empty where ours is not compared."""
    name, scale = workload.measure, workload.scale * workload.times
    mine, other = middle(ours, name), middle(theirs, name)
    judged = mine * scale if workload.absolute else mine - other if workload.difference and other else ratio(mine, other)
    costs = cpu(ours, workload.times), cpu(theirs, workload.times)
    cost_ratio = ratio(*costs)
    # The generator's own share of a core: near 100 % it is the bottleneck, not the server.
    load = [row["own_cpu_s"] / row["elapsed_s"] for row in ours if "elapsed_s" in row]
    line((
        *(workload.name, workload.unit, cell(ours, name, scale), cell(theirs, name, scale)),
        ratio_text(ratio(mine, other)),
        f"{spread(ours, name)}/{spread(theirs, name)}".rstrip("/"),
        verdict(judged, workload.targets, workload.less),
        *("" if cost is None else number(cost) for cost in costs),
        *(ratio_text(cost_ratio), verdict(cost_ratio, workload.cpu_targets, True)),
        f"{statistics.median(load):.0%}" if load else "",
        *(cell(rows, "p99_us") for rows in (ours, theirs)),
        *(cell(rows, "server_rss", 1e-6) for rows in (ours, theirs)),
    ))  # fmt: skip

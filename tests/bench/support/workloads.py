"""The workloads: what bench_load is told, and what is asked of ours against mosquitto."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    """`targets`: (at least, aim) for the ratio ours/other of `measure`; where `absolute` for our value, in the unit."""

    name: str
    mode: str  # of bench_load, or "start": start to first CONNACK
    options: dict
    unit: str = "msg/s"
    measure: str = "rate"
    scale: float = 1.0  # from the measure to the unit
    targets: tuple = ()
    cpu_targets: tuple = ()  # (at most, aim) for the ratio of processor time per message, or connection
    less: bool = False  # smaller is better
    absolute: bool = False
    difference: bool = False  # the targets are for ours less other
    times: int = 1  # what one message counts for
    quick: bool = False
    rounds: int = 0  # 0: as many as asked for
    devices: int = 0  # identities that ours knows; 0: those that connect
    only_ours: bool = False
    against: dict = None  # the other side is not mosquitto but ours with these options ("devices" is one)
    loaded: bool = False  # something else computes on a core meanwhile
    flashmq_cpu: tuple = ()  # cpu_targets against FlashMQ


def against_flashmq(workload):
    """The line of its comparison with FlashMQ, of which only processor times are asked."""
    return dataclasses.replace(workload, name=f"  {workload.name} / FlashMQ", targets=(), cpu_targets=workload.flashmq_cpu)


def publish(name, targets=(), **more):
    """Options of bench_load and fields of Workload together."""
    fields = {field.name for field in dataclasses.fields(Workload)}
    options = {key: value for key, value in more.items() if key not in fields}
    return Workload(name, "publish", options, targets=targets,
                    **{key: value for key, value in more.items() if key in fields})  # fmt: skip


def both(name, plain_targets, tls_targets, **more):
    """The same over plain TCP and over TLS."""
    return [publish(name, plain_targets, **more), publish(f"{name}-tls", tls_targets, tls="p256", **more)]


def publishing():
    yield from both("qos1-w20", (2, 5), (2, 5), qos=1, window=20, quick=True, flashmq_cpu=(1.06, 0.81))
    yield from both("qos1-w1", (0.8, 1.2), (0.8, 1.2), qos=1, window=1, quick=True)
    yield from both("qos0", (0.7, 1.5), (0.25, 0.6), qos=0, quick=True, flashmq_cpu=(1.1, 0.92))
    yield from both("echo", (2, 5), (2, 5), qos=1, window=20, echo=True, quick=True, flashmq_cpu=(1.03, 0.88))
    yield from both("lone", (0.8, 0.95), (0.8, 0.95), qos=1, window=1, connections=1)
    for content in ("reports", "noise"):
        real = {"payload": 1024, "content": content}
        yield publish(f"qos1-w20-1k-{content}", (5, 7.8), window=20, quick=content == "reports", **real)
        yield publish(f"qos1-w1-1k-{content}", (1.0, 1.1), window=1, quick=content == "reports", **real)
    yield publish("batch100", times=100, unit="entries/s", qos=1, window=20, batch=100)
    for kind, options in (("qos0", {"qos": 0}), ("qos1-w1", {"window": 1}), ("qos1-w20", {"window": 20})):
        for payload in (64, 1024):
            for connections in (1, 50, 500, 2000):
                if (payload, connections) != (64, 50):
                    name = f"{kind}-{payload}b-{connections}c"
                    content = "reports" if payload > 64 else "letters"
                    yield publish(name, payload=payload, content=content, connections=connections, **options)


def storm(name, targets=(), quick=False, **options):
    cpu_targets = tuple(round(1 / target, 2) for target in targets)
    return Workload(name, "storm", {"connections": 16, **options}, "conn/s", targets=targets, cpu_targets=cpu_targets,
                    quick=quick)  # fmt: skip


def connecting():
    yield storm("storm-plain", quick=True)
    for kind in ("p256", "rsa"):
        yield storm(f"storm-{kind}", (0.95, 1.05), quick=kind == "p256", tls=kind)
        yield storm(f"storm-{kind}-resumed", (0.95, 1.05), tls=kind, resume=True)
        yield storm(f"storm-{kind}-resumed-tls12", (0.95, 1.05), tls=kind, resume=True, **{"tls-version": 12})
        yield storm(f"storm-{kind}-tls12", (0.95, 1.05), tls=kind, **{"tls-version": 12})
    for kind in ("p256", "rsa"):
        yield Workload(f"connect-one-{kind}", "storm", {"connections": 1, "tls": kind}, "us", "p50_us",
                       targets=(1.1, 1.0), less=True, quick=kind == "p256")  # fmt: skip
    yield dataclasses.replace(storm("provision-storm", provision=True, tls="p256"), only_ours=True)


def memory():
    for count, quick in ((10_000, False), (1_000, True)):
        options = {"connections": count, "seconds": 1}
        idle = Workload("", "idle", options, "B/conn", "bytes_per_connection", less=True, rounds=1, quick=quick)
        size = f"{count // 1000}k"
        yield dataclasses.replace(idle, name=f"idle-{size}-plain", targets=(900, 700), absolute=True)
        yield dataclasses.replace(idle, name=f"idle-{size}-tls", options={**options, "tls": "p256"}, targets=(1.3, 1.0))


def others():
    yield Workload("deliver-2000c", "deliver", {"connections": 2000, "window": 8}, only_ours=False)
    yield Workload("download", "download", {"connections": 4, "tls": "p256"}, "MB/s", scale=1e-6, only_ours=True)
    start = Workload("first-connack", "start", {}, "ms", "started_ms", quick=True, less=True)
    yield dataclasses.replace(start, targets=(30, 5), difference=True)
    yield dataclasses.replace(start, name="idle-server", unit="MB", measure="server_rss", scale=1e-6, targets=(20, 12),
                              absolute=True)  # fmt: skip


def comparing_ours():
    """Ours against ours: more connections, more known identities."""
    many = publish("2000c-vs-50c", (0.75, 0.9), qos=1, window=20, connections=2000, against={"connections": 50})
    yield many
    known = {"devices": 100_000, "against": {"devices": 100}, "targets": (0.9, 1.0)}
    yield publish("100k-known-publish", qos=1, window=20, **known)
    yield dataclasses.replace(storm("100k-known-connect"), **known)


def loaded():
    for connections in (50, 1):
        yield publish(f"loaded-qos1-w1-{connections}c", (5000, 2000), qos=1, window=1, connections=connections,
                      loaded=True, measure="p99_us", unit="us p99", less=True, absolute=True)  # fmt: skip


ALL = [*publishing(), *connecting(), *memory(), *others(), *comparing_ours(), *loaded()]

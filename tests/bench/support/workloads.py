"""The workloads: what bench_load is told, and what issue and README promise about ours against mosquitto."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    """`targets`: (at least, aim) for the ratio ours/mosquitto of `measure`; smaller is better where `less`."""

    name: str
    mode: str
    options: dict
    unit: str = "msg/s"
    measure: str = "rate"
    targets: tuple = ()
    less: bool = False
    only_ours: bool = False
    times: int = 1  # what one message counts for
    quick: bool = False


def publish(name, quick=False, targets=(), times=1, unit="msg/s", **options):
    return Workload(name, "publish", options, unit, targets=targets, times=times, quick=quick)


def both(name, plain_targets, tls_targets, quick=True, **options):
    """The same over plain TCP and over TLS."""
    return [
        publish(name, quick, plain_targets, **options),
        publish(f"{name}-tls", quick, tls_targets, tls="p256", **options),
    ]


def publishing():
    found = [
        *both("qos1-w20", (2, 5), (2, 5), qos=1, window=20),
        *both("qos1-w1", (0.8, 1.2), (0.8, 1.2), qos=1, window=1),
        *both("qos0", (0.7, 1.5), (0.25, 0.6), qos=0),
        *both("echo", (2, 5), (2, 5), qos=1, window=20, echo=True),
        publish("batch100", times=100, unit="entries/s", qos=1, window=20, batch=100),
    ]
    for kind, options in (("qos0", {"qos": 0}), ("qos1-w1", {"window": 1}), ("qos1-w20", {"window": 20})):
        for payload in (64, 1024):
            for connections in (1, 50, 500, 2000):
                if (payload, connections) != (64, 50):
                    name = f"{kind}-{payload}b-{connections}c"
                    found.append(publish(name, payload=payload, connections=connections, **options))
    return found


ALL = publishing()

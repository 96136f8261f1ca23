"""A measurement on several devices whose numbers can be worked out by hand."""

from planner.devices.scaling import ScalingCurve, ScalingPoint, TimedExchange

PAYLOAD_BYTES = 4_000_000


def a_point(device_count: int, batch_size: int, step_ms: float, **fields) -> ScalingPoint:
    defaults = {"communication_s": 0.0, "spread_fraction": 0.1, "steps": 20}
    return ScalingPoint(
        device_count=device_count,
        batch_size=batch_size,
        step_time_s=step_ms / 1000,
        **{**defaults, **fields},
    )


def a_scaling(**fields) -> ScalingCurve:
    """1 ms and 0.01 ms a sample; two devices exchange 4 MB in 2 ms, and nothing hides."""
    defaults = {
        "workload": "digits-mlp",
        "device": "a quiet CPU",
        "dtype": "float32",
        "versions": "torch 2.13.0",
        "payload_bytes": PAYLOAD_BYTES,
        "points": (
            a_point(1, 100, 2.0),
            a_point(1, 200, 3.0),
            a_point(1, 400, 5.0),
            a_point(2, 200, 4.0, communication_s=0.002),
            a_point(2, 400, 5.0, communication_s=0.002),
        ),
        "exchanges": (
            TimedExchange(device_count=2, time_s=0.002, spread_fraction=0.05, rounds=20),
        ),
    }
    return ScalingCurve(**{**defaults, **fields})

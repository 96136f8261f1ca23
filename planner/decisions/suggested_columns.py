"""Columns of a table of trainings by the names that people usually give them; units stay open."""

import re
from collections.abc import Mapping, Sequence

KNOWN: Mapping[str, tuple[str, ...]] = {
    "schedule": ("schedule", "recipe", "variant", "config", "スケジュール"),
    "started": ("started_at", "started", "start", "start_time", "begin", "date", "day", "開始"),
    "duration": (
        *(
            "duration",
            "duration_h",
            "duration_hours",
            "hours",
            "wall_clock",
            "wall_time",
            "runtime",
        ),
        *("elapsed", "minutes", "seconds", "duration_s", "training_h", "所要時間"),
    ),
    "devices": ("devices", "device_count", "gpus", "gpu_count", "num_gpus", "デバイス数"),
    "reached": ("reached", "reached_target", "success", "succeeded", "ok", "quality_ok", "到達"),
    "cost": ("cost", "price", "amount", "cost_usd", "cost_jpy", "費用"),
    "id": ("id", "run_id", "job_id", "training_id", "job", "run"),
}
"""Names by role, the likelier first; compared without case and spaces."""


def suggested_columns(columns: Sequence[str]) -> Mapping[str, str]:
    """The likeliest column of every role, where there is one."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(re.sub(r"[\s-]+", "_", column.strip().lower()), column)
    found = {
        role: next((by_name[name] for name in names if name in by_name), None)
        for role, names in KNOWN.items()
    }
    return {role: column for role, column in found.items() if column is not None}

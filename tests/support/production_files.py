"""Files of production trainings, and what is said of them."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.support.brought_files import bring
from tests.support.gated_pilots import done, order, signed_off, started
from tests.support.installation import Api

TABLE = "\ufeff" + "\n".join(
    (
        "job;recipe;started;minutes;gpus;quality;paid",
        "a1;growing batch;2026-11-02T22:00:00;300,5;8;yes;",
        "a2;growing batch;2026-11-03 23:30:00;600;8;no;",
        "a3;today;2026-11-05T00:00:00+00:00;720;8;yes;150,25",
        "a4;growing batch;2026-11-07;240;4;Yes;20",
    )
)
"""As a spreadsheet writes it: a byte order mark, semicolons, decimal commas. The second training
missed its quality, the third is one of today's; the last two say what they cost."""

COLUMNS: dict[str, Any] = {
    "schedule": "recipe",
    "started": {"column": "started", "form": "iso8601", "time_zone": "Asia/Tokyo"},
    "duration": {"column": "minutes", "unit": "minutes"},
    "reached": "quality",
    "devices": "gpus",
    "cost": {"column": "paid", "currency": "USD"},
    "id": "job",
}

MAPPING: dict[str, Any] = {"trainings": COLUMNS}

RUNS_CSV = "run,recipe,step,timestamp,loss\n" + "".join(
    f"{run},{recipe},{step},2026-11-{day:02}T{hour:02}:00:00Z,{loss}\n"
    for run, recipe, day, losses in (
        ("first", "growing batch", 2, ("2.0", "0.6", "0.4")),
        ("second", "growing batch", 3, ("2.0", "1.0", "nan")),
        ("third", "constant", 4, ("2.0", "1.0", "0.5")),
    )
    for step, (hour, loss) in enumerate(zip((1, 3, 7), losses, strict=True))
)
"""Three runs of six hours; the second one's loss is lost in the end."""

LOG: dict[str, Any] = {
    "run": "run",
    "schedule": "recipe",
    "step": "step",
    "timestamp": {"column": "timestamp", "form": "iso8601", "pauses": "count"},
    "metrics": {"validation_loss": "loss"},
}


def table(*rows: str) -> str:
    """A table with these rows below the usual header."""
    return "\n".join((TABLE.splitlines()[0], *rows))


def a_database_of_mlflow(path: Path, *later: str) -> bytes:
    """A run that finished after two hours, one that was killed after an hour, and later ones."""
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE experiments (experiment_id, name);
        CREATE TABLE runs (run_uuid, name, status, start_time, lifecycle_stage);
        CREATE TABLE params (key, value, run_uuid);
        CREATE TABLE tags (key, value, run_uuid);
        CREATE TABLE metrics (key, value, timestamp, run_uuid, step, is_nan);
        """
    )
    start_ms, hour_ms = 1_793_948_400_000, 3_600_000  # 2026-11-06, 07:00 in UTC
    runs = [("whole", "FINISHED", 2), ("killed", "KILLED", 1)]
    for run, status, hours in [*runs, *((name, "FINISHED", 4) for name in later)]:
        database.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, 'active')", (run, run, status, start_ms)
        )
        database.execute("INSERT INTO params VALUES ('recipe', 'growing batch', ?)", (run,))
        for step in (1, 2):
            at_ms = start_ms + step * hours * hour_ms // 2
            row = ("loss", 1 / step, at_ms, run, step)
            database.execute("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, 0)", row)
    database.commit()
    database.close()
    return path.read_bytes()


def asked(api: Api, pilot_id: str, what: str, text: str | bytes, mapping: object) -> Any:
    """The answer to ``preview`` or ``import`` of a file that is brought for it."""
    content = text.encode() if isinstance(text, str) else text
    key = json.dumps([pilot_id, what, repr(text), mapping])[:150] + str(_count(api))
    brought = bring(api, content, file_name="trainings.csv", key=key)
    assert brought.refusal is None, brought.refusal
    body = {"import_id": brought.id, "mapping": mapping}
    return order(api, pilot_id, f"production-results:{what}", body)


def _count(api: Api) -> int:
    """Grows with every entry of the audit trail: no two files have the same key."""
    total: int = api.get("/api/audit").json()["total"]
    return total


def production_starts(api: Api) -> str:
    """Id of a pilot whose rollout was signed a month ago, on 2026-11-01."""
    pilot_id = started(api)
    signed_off(api, pilot_id)
    api.clock.jump(days=30)
    return pilot_id


def preview(api: Api, pilot_id: str, text: str | bytes, mapping: object = MAPPING) -> Any:
    return done(asked(api, pilot_id, "preview", text, mapping))


def store(api: Api, pilot_id: str, text: str | bytes, mapping: object = MAPPING) -> Any:
    return done(asked(api, pilot_id, "import", text, mapping))


def counts(stored: dict[str, Any]) -> tuple[int, int, int]:
    return stored["stored"], stored["known"], stored["left_out"]


def results(stored: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored["adoption"]["results"]
    return found

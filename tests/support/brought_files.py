"""Files that are brought to the API, and what is said of them."""

import time
from collections.abc import Callable

from backend.wire.codec import decode, encode_json
from planner.exchange.imports import AT_WORK, ImportState
from planner.imports.mapping import BatchColumn, ColumnMapping, ElapsedColumn
from planner.imports.terms import ImportTerms
from tests.support.installation import Api

PATIENCE_S = 120.0

KNOWN_CSV = "run,schedule,seed,step,minutes,lr,batch,loss,accuracy\n" + "".join(
    f"{schedule}-{seed},{schedule},{seed},{10 * row},{row * (every_s + seed) / 60!r},0.1,{batch},"
    f"{loss},{1 - loss / 4}\n"
    for schedule, every_s, batch in (("today", 100, 100), ("growing", 50, 200))
    for seed in (1, 2, 3)
    for row, loss in enumerate((2.0, 1.0, 0.75, 0.5, 0.4))
)
"""Two schedules on three seeds; today's evaluations are 100 s and the seed apart, in minutes."""

KNOWN_MAPPING = ColumnMapping(
    run="run",
    schedule="schedule",
    seed="seed",
    step="step",
    elapsed=ElapsedColumn(column="minutes", unit="minutes"),
    learning_rate="lr",
    batch_size=BatchColumn(column="batch", meaning="global"),
    metrics={"validation_loss": "loss", "validation_accuracy": "accuracy"},
)


def bring(
    api: Api, content: bytes, *, file_name: str = "runs.csv", key: str = "bring"
) -> ImportState:
    """A file as somebody sends it, when the API has looked at it."""
    answer = api.http.post(
        "/api/imports",
        params={"file_name": file_name},
        content=content,
        headers={
            "Authorization": f"Bearer {api.credentials.admin_token}",
            "Content-Type": "application/octet-stream",
            "Idempotency-Key": key,
        },
    )
    return settled(api, decode(ImportState, answer.raise_for_status().json()).id)


def map_columns(api: Api, import_id: str, mapping: ColumnMapping) -> ImportState:
    """The same file when it was read under a mapping."""
    answer = api.http.put(
        f"/api/imports/{import_id}/mapping",
        content=encode_json(ColumnMapping, mapping),
        headers={
            "Authorization": f"Bearer {api.credentials.admin_token}",
            "Content-Type": "application/json",
        },
    )
    answer.raise_for_status()
    return settled(api, import_id)


def create(api: Api, import_id: str, terms: ImportTerms, *, key: str = "create") -> ImportState:
    """The same file when its runs are stored, or refused."""
    path = f"/api/imports/{import_id}:create"
    api.post(path, terms, **{"Idempotency-Key": key}).raise_for_status()
    return settled(api, import_id)


def imported(
    api: Api, content: bytes, mapping: ColumnMapping, terms: ImportTerms, **how: str
) -> ImportState:
    """A file all the way to its pilot."""
    found = bring(api, content, **how)
    map_columns(api, found.id, mapping)
    return create(api, found.id, terms)


def settled(api: Api, import_id: str) -> ImportState:
    """An import that the API has nothing to do for."""
    return _until(api, import_id, lambda state: state.phase not in AT_WORK)


def _until(api: Api, import_id: str, true: Callable[[ImportState], bool]) -> ImportState:
    end_s = time.monotonic() + PATIENCE_S
    while True:
        answer = api.get(f"/api/imports/{import_id}").raise_for_status()
        state = decode(ImportState, answer.json())
        if true(state):
            return state
        assert time.monotonic() < end_s, state
        time.sleep(0.05)

"""A file that is brought is bounded, private, and taken only from those who may bring one."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.access.guard import LARGEST_FILE_BYTES
from tests.support.app_in_memory import an_api
from tests.support.brought_files import KNOWN_CSV, KNOWN_MAPPING, bring, map_columns
from tests.support.installation import Api
from tests.support.logged_runs import terms_of_import


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, database: dict[str, str]) -> Iterator[Api]:
    with an_api(Path(tmp_path_factory.mktemp("uploads")), **database) as api:
        yield api


def send(api: Api, content: bytes = b"step\n1\n", **changes: str) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {api.credentials.admin_token}",
        "Content-Type": "application/octet-stream",
        "Idempotency-Key": "upload",
    }
    given = {"file_name": "runs.csv"}
    return api.http.post(
        "/api/imports", params=given, content=content, headers={**headers, **changes}
    )


def kept(api: Api) -> set[str]:
    """Files on the disk, by their ids."""
    folder = api.installation.settings.data_dir / "imports"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"Content-Length": str(LARGEST_FILE_BYTES + 1)}, 413, "body_too_large"),
        ({"Content-Type": "text/csv"}, 415, "not_json_body"),
        ({"Content-Type": "application/json"}, 422, "not_a_file_body"),
        ({"Authorization": "Bearer nobody"}, 401, "credential_unknown"),
    ],
)
def test_what_may_not_be_brought_is_refused_before_a_byte_is_kept(
    shared: Api, changes: dict[str, str], status: int, code: str
):
    answer = send(shared, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not list((shared.installation.settings.data_dir / "imports").glob("*/file"))


def test_an_empty_file_is_refused(shared: Api):
    answer = send(shared, b"")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "import_empty")


def test_a_file_is_its_owner_s_alone(shared: Api):
    found = bring(shared, KNOWN_CSV.encode(), key="mode")
    path = shared.installation.settings.data_dir / "imports" / found.id / "file"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_repeated_request_brings_one_file(shared: Api):
    before = kept(shared)
    first, second = (
        send(shared, KNOWN_CSV.encode(), **{"Idempotency-Key": "twice"}).json()["id"]
        for _ in range(2)
    )
    assert first == second
    other = send(shared, b"step\n2\n", **{"Idempotency-Key": "twice"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert kept(shared) - before == {first}


def test_a_file_that_nobody_can_read_is_told_and_over(shared: Api):
    found = bring(shared, bytes(range(256)) * 4, key="bytes")
    assert found.phase == "failed"
    assert found.refusal is not None


def test_the_mapping_and_the_terms_are_refused_by_field(shared: Api):
    found = bring(shared, KNOWN_CSV.encode(), key="fields")
    path = f"/api/imports/{found.id}"
    headers = {
        "Authorization": f"Bearer {shared.credentials.admin_token}",
        "Content-Type": "application/json",
    }
    open_question = shared.http.put(f"{path}/mapping", json={"step": "step"}, headers=headers)
    assert open_question.status_code == 422
    assert open_question.json()["errors"][0]["field"] == "elapsed"
    early = shared.post(f"{path}:create", terms_of_import(), **{"Idempotency-Key": "early"})
    assert (early.status_code, early.json()["code"]) == (409, "import_not_read")
    map_columns(shared, found.id, KNOWN_MAPPING)
    wrong = shared.post(f"{path}:create", {"name": ""}, **{"Idempotency-Key": "wrong"})
    assert wrong.status_code == 422

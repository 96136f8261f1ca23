"""Small texts that would become large, deep or endless are refused before they do."""

import io
import zipfile
from pathlib import Path

import pytest

from backend.access.guard import LARGEST_BODY_BYTES
from backend.cli.files import LARGEST_FILE_BYTES, read
from backend.documents.schedule_file import LONGEST_TEXT
from backend.wire.problems import InputError
from planner.exchange.price_states import LONGEST_IMPORT_CHARACTERS
from planner.pilots.pilot import Pilot
from tests.support.installation import Api, problem

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
"""Nine lines that stand for a thousand million values."""

BOMBS = {
    "aliases": LAUGHS,
    "itself": "schedules: &a [*a]\n",
    "nested lists": "[" * 20_000,
    "nested maps": "{a: " * 20_000,
    "a long number": "schedules: " + "9" * 100_000,
    "a base of sixty": "schedules: " + ":".join(["59"] * 5_000),
    "an object": "!!python/object/apply:os.system [id]",
    "a binary": "!!binary " + "A" * 10_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_text_that_is_a_bomb_is_refused_by_the_api(shared_api: Api, bomb: str) -> None:
    answer = shared_api.post("/api/schedules:import", {"form": "yaml", "text": BOMBS[bomb]})
    status, _, field = problem(answer)
    assert status == 422
    assert field is not None


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_that_is_a_bomb_is_refused_by_the_command(tmp_path: Path, bomb: str) -> None:
    file = tmp_path / "pilot.yaml"
    file.write_text(BOMBS[bomb])
    with pytest.raises(InputError):
        read(Pilot, file)


@pytest.mark.parametrize("form", ["json", "megatron"])
def test_what_is_deep_or_long_in_another_form_is_refused(shared_api: Api, form: str) -> None:
    for text in ("[" * 100_000, "9" * 100_000, '{"schedules": ' + "9" * 10_000 + "}"):
        answer = shared_api.post("/api/schedules:import", {"form": form, "text": text})
        assert problem(answer)[0] == 422


def test_what_is_larger_than_its_limit_is_refused_before_it_is_read(
    shared_api: Api, tmp_path: Path
) -> None:
    for form, longest in LONGEST_TEXT.items():
        body = {"form": form, "text": " " * (longest + 1)}
        assert problem(shared_api.post("/api/schedules:import", body))[1] == "too_long"
    prices = {"text": "x" * (LONGEST_IMPORT_CHARACTERS + 1), "as_of": "2026-11-01", "source": "a"}
    answer = shared_api.post("/api/prices:import", prices, **{"Idempotency-Key": "large"})
    assert problem(answer)[0] == 422
    body = {"form": "yaml", "text": "x" * LARGEST_BODY_BYTES}
    assert problem(shared_api.post("/api/schedules:import", body))[1] == "body_too_large"
    file = tmp_path / "pilot.yaml"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE_BYTES + 1)
    with pytest.raises(InputError) as refused:
        read(Pilot, file)
    assert refused.value.problems[0].code == "file_too_large"


def test_a_workbook_is_no_upload_at_all(shared_api: Api, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", " " * 2**20)
    headers = {
        "Authorization": f"Bearer {shared_api.credentials.admin_token}",
        "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    for path in ("/api/prices:import", "/api/schedules:import", "/api/pilots"):
        answer = shared_api.http.post(path, content=packed.getvalue(), headers=headers)
        assert problem(answer) == (415, "not_json_body", None)
    file = tmp_path / "pilot.xlsx"
    file.write_bytes(packed.getvalue())
    with pytest.raises(InputError):
        read(Pilot, file)

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.support.file_server import FileServer, file_server
from worker.data.fetch import TRIES, FetchFailed, fetch
from worker.data.sets import DATA_SETS, DataFile, DataSet

SIZE = 1_000_000
CONTENT = np.random.default_rng(1).bytes(SIZE)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server() as server:
        server.files["/one.bin"] = CONTENT
        yield server


def a_set(server: FileServer, *names: str) -> DataSet:
    return DataSet(
        name="a-set",
        title="A set",
        licence="any",
        source="here",
        files=tuple(
            DataFile(
                name=name,
                url=f"{server.url}/{name}",
                size_bytes=SIZE,
                md5=hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
            )
            for name in names or ("one.bin",)
        ),
    )


def fetched(server: FileServer, folder: Path, *names: str) -> list[int]:
    """What was told of the progress of the first file."""
    told: list[int] = []
    with httpx.Client(timeout=5.0) as client:
        fetch(
            a_set(server, *names),
            folder,
            client,
            progress=lambda file, done: told.append(done) if file.name == "one.bin" else None,
            pause_s=0.0,
        )
    return told


def refusal(server: FileServer, folder: Path) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetched(server, folder)
    return failed.value


def test_a_file_arrives_whole_and_tells_how_far_it_is(server: FileServer, tmp_path: Path) -> None:
    told = fetched(server, tmp_path / "set")
    assert (tmp_path / "set" / "one.bin").read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["one.bin"]
    assert told == sorted(told)
    assert told[-1] == SIZE
    assert len(told) > 3


def test_what_is_here_already_is_not_fetched_again(server: FileServer, tmp_path: Path) -> None:
    fetched(server, tmp_path)
    assert fetched(server, tmp_path) == [SIZE]
    assert len(server.asked) == 1


def test_a_damaged_file_is_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "one.bin").write_bytes(bytes(SIZE))
    fetched(server, tmp_path)
    assert (tmp_path / "one.bin").read_bytes() == CONTENT


def test_a_cut_connection_goes_on_where_it_was(server: FileServer, tmp_path: Path) -> None:
    server.cut_after_bytes = 300_000
    fetched(server, tmp_path)
    assert (tmp_path / "one.bin").read_bytes() == CONTENT
    starts = [0 if asked is None else int(asked[6:-1]) for _, asked in server.asked]
    assert len(starts) == 4
    assert starts == sorted(starts)
    assert starts[-1] > 600_000


@pytest.mark.parametrize("states_length", [True, False])
def test_what_had_arrived_before_a_stop_is_not_asked_for_again(
    states_length: bool, server: FileServer, tmp_path: Path
) -> None:
    server.states_length = states_length
    (tmp_path / "one.bin.part").write_bytes(CONTENT[:400_000])
    fetched(server, tmp_path)
    assert server.asked == [("/one.bin", "bytes=400000-")]
    assert (tmp_path / "one.bin").read_bytes() == CONTENT


def test_a_server_that_knows_no_ranges_begins_anew(server: FileServer, tmp_path: Path) -> None:
    server.knows_ranges = False
    (tmp_path / "one.bin.part").write_bytes(CONTENT[:400_000])
    fetched(server, tmp_path)
    assert len(server.asked) == 1
    assert (tmp_path / "one.bin").read_bytes() == CONTENT


def test_a_server_that_never_gets_further_is_given_up_and_the_part_is_kept(
    server: FileServer, tmp_path: Path
) -> None:
    server.cut_after_bytes = 0
    (tmp_path / "one.bin.part").write_bytes(CONTENT[:400_000])
    failed = refusal(server, tmp_path)
    assert failed.code == "cut_off"
    assert len(server.asked) == TRIES
    assert (tmp_path / "one.bin.part").read_bytes() == CONTENT[:400_000]
    assert not (tmp_path / "one.bin").exists()


def test_a_server_in_trouble_is_asked_again(server: FileServer, tmp_path: Path) -> None:
    server.statuses = [503, 500]
    fetched(server, tmp_path)
    assert (tmp_path / "one.bin").read_bytes() == CONTENT


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    with file_server() as gone:
        pass
    failed = refusal(gone, tmp_path)
    assert failed.code == "cut_off"
    assert failed.params["url"] == f"{gone.url}/one.bin"


@pytest.mark.parametrize("already", [0, 400_000])
def test_wrong_bytes_are_removed_and_said(already: int, server: FileServer, tmp_path: Path) -> None:
    server.files["/one.bin"] = CONTENT[:-1] + b"?"
    if already:
        (tmp_path / "one.bin.part").write_bytes(CONTENT[:already])
    failed = refusal(server, tmp_path)
    assert (failed.code, failed.params["file"]) == ("checksum_wrong", "one.bin")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [10, SIZE + 1])
def test_a_file_of_another_size_is_not_even_begun(
    size: int, server: FileServer, tmp_path: Path
) -> None:
    server.files["/one.bin"] = bytes(size)
    failed = refusal(server, tmp_path)
    assert failed.code == "size_wrong"
    assert failed.params["offered_bytes"] == size


def test_a_server_that_sends_without_end_is_not_followed(
    server: FileServer, tmp_path: Path
) -> None:
    server.states_length = False
    server.files["/one.bin"] = bytes(5 * SIZE)
    assert refusal(server, tmp_path).code == "checksum_wrong"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_refused_at_once(server: FileServer, tmp_path: Path) -> None:
    server.files.clear()
    failed = refusal(server, tmp_path)
    assert (failed.code, failed.params["status"]) == ("refused", 404)
    assert len(server.asked) == 1


def test_every_file_of_a_set_is_brought(server: FileServer, tmp_path: Path) -> None:
    server.files["/two.bin"] = CONTENT
    fetched(server, tmp_path, "one.bin", "two.bin")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.bin", "two.bin"]


def test_a_folder_that_cannot_be_written_is_named(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = refusal(server, tmp_path / "file")
    assert (failed.code, failed.params["folder"]) == ("cannot_write", str(tmp_path / "file"))


def test_the_published_sets_have_a_size_a_checksum_and_a_licence() -> None:
    for name, data_set in DATA_SETS.items():
        assert data_set.name == name
        assert data_set.licence
        assert data_set.source.startswith("https://")
        assert len({file.md5 for file in data_set.files}) == len(data_set.files)
    with pytest.raises(ValueError, match="x needs a size and a checksum"):
        DataFile(name="x", url="", size_bytes=0, md5="")

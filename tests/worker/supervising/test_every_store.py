"""What every store promises: a folder, and objects behind the S3 protocol."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.object_server import KEYS, ObjectServer, an_object_server
from worker import mark_store
from worker.supervising.store import KEPT_AT_THE_END, MARKER, Store, StoreAway
from worker.supervising.store_url import open_store

FILES = 2
"""Of a checkpoint."""


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    with an_object_server() as server:
        yield server


@dataclass(frozen=True)
class Kept:
    """A store, and what is there of it for whoever looks past it."""

    address: str
    server: ObjectServer | None

    def open(self) -> Store:
        """As another worker would."""
        return open_store(self.address)

    def names(self) -> list[str]:
        """Names of all files below its root."""
        if self.server is not None:
            names = self.server.names(self.folder)
            return [name.removeprefix(f"{self.folder}/") for name in names]
        root = Path(self.address)
        return sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())

    def checkpoints(self) -> set[str]:
        """Paths of checkpoints of which anything is there."""
        return {name.rpartition("/")[0] for name in self.names() if "/" in name}

    @property
    def folder(self) -> str:
        """Of an address of objects, what follows the bucket."""
        return self.address.partition("?")[0].rpartition("/")[2]

    def leave(self, name: str) -> None:
        """Puts one file there past the store."""
        if self.server is None:
            place = Path(self.address) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("half")
        else:
            self.server.put(f"{self.folder}/{name}", b"half")


@pytest.fixture(params=["folder", "objects"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    if request.param == "folder":
        (tmp_path / "store").mkdir()
        return Kept(str(tmp_path / "store"), None)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server = request.getfixturevalue("server")
    return Kept(server.store(tmp_path.name), server)


def a_checkpoint(folder: Path, content: str = "weights", *, files: int = FILES) -> Path:
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"file-{number}").write_text(content * (number + 1))
    return folder


def read(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_another_worker_fetches_exactly_what_was_kept(kept: Kept, tmp_path: Path) -> None:
    scratch = a_checkpoint(tmp_path / "scratch")
    kept.open().put("run/a1/step-5", scratch)
    there = kept.open()
    assert there.get("run/a1/step-5", tmp_path / "fetched")
    assert read(tmp_path / "fetched") == read(scratch)
    assert not there.get("run/a1/step-6", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    there.make_sure()


def test_keeping_a_checkpoint_twice_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    store = kept.open()
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "first", "first"))
    before = kept.names()
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "second", "second", files=3))
    assert kept.names() == before
    assert store.get("run/a1/step-5", tmp_path / "fetched")
    assert read(tmp_path / "fetched") == read(tmp_path / "first")


def test_no_attempt_writes_over_another_s(kept: Kept, tmp_path: Path) -> None:
    store = kept.open()
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "one", "one"))
    store.put("run/a2/step-5", a_checkpoint(tmp_path / "two", "two"))
    for attempt, scratch in ((1, "one"), (2, "two")):
        assert store.get(f"run/a{attempt}/step-5", tmp_path / f"fetched-{attempt}")
        assert read(tmp_path / f"fetched-{attempt}") == read(tmp_path / scratch)


def test_the_newest_three_are_kept_and_of_a_run_that_succeeded_the_last(
    kept: Kept, tmp_path: Path
) -> None:
    store = kept.open()
    scratch = a_checkpoint(tmp_path / "scratch")
    for path in ("run/a1/step-9", "run/a1/step-10", "run/a2/step-9", "run/a10/step-3"):
        store.put(path, scratch)
    store.put("runner/a1/step-1", scratch)
    store.keep_newest("run")
    three = {"run/a1/step-10", "run/a2/step-9", "run/a10/step-3"}
    assert kept.checkpoints() == three | {"runner/a1/step-1"}
    store.keep_newest("run", kept=KEPT_AT_THE_END)
    assert kept.checkpoints() == {"run/a10/step-3", "runner/a1/step-1"}
    assert store.get("run/a10/step-3", tmp_path / "fetched")


def test_what_was_left_unfinished_goes_and_what_a_later_attempt_is_storing_stays(
    kept: Kept, tmp_path: Path
) -> None:
    store = kept.open()
    half = ".unfinished-x" if kept.server is None else "step-7"
    for attempt in (1, 2, 3):
        kept.leave(f"run/a{attempt}/{half}/file-0")
    store.put("run/a2/step-5", a_checkpoint(tmp_path / "scratch"))
    assert not store.get("run/a2/step-7", tmp_path / "fetched")
    store.keep_newest("run")
    assert kept.checkpoints() == {"run/a2/step-5", f"run/a3/{half}"}


def test_what_somebody_put_beside_the_checkpoints_is_left_alone(kept: Kept, tmp_path: Path) -> None:
    store = kept.open()
    for step in (1, 2):
        store.put(f"run/a1/step-{step}", a_checkpoint(tmp_path / f"scratch-{step}"))
    kept.leave("run/a1/step-1 (copy)/file-0")
    kept.leave("run/notes/readme")
    store.keep_newest("run", kept=KEPT_AT_THE_END)
    assert kept.checkpoints() == {"run/a1/step-2", "run/a1/step-1 (copy)", "run/notes"}


@pytest.mark.parametrize("kept", ["objects"], indirect=True)
def test_a_checkpoint_with_a_file_that_is_not_as_it_was_is_none(kept: Kept, tmp_path: Path) -> None:
    kept.open().put("run/a1/step-5", a_checkpoint(tmp_path / "scratch"))
    kept.leave("run/a1/step-5/file-1")
    assert not kept.open().get("run/a1/step-5", tmp_path / "fetched")
    assert [one.name for one in tmp_path.iterdir()] == ["scratch"]


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "run/../../outside", "", "."])
def test_no_path_leads_out_of_the_store(path: str, kept: Kept, tmp_path: Path) -> None:
    scratch = a_checkpoint(tmp_path / "scratch")
    for act in (kept.open().put, kept.open().get):
        with pytest.raises(ValueError, match="leads out of the store"):
            act(path, scratch)


def test_a_place_is_taken_as_a_new_store_by_whoever_comes_first_or_by_several_at_once(
    kept: Kept,
) -> None:
    stores = [kept.open() for _ in range(8)]
    with ThreadPoolExecutor(len(stores)) as threads:
        list(threads.map(lambda store: store.make_sure(), stores))
    assert kept.names() == [MARKER]
    later = kept.open()
    later.expect_checkpoints()
    later.make_sure()


def test_an_empty_place_in_which_checkpoints_are_expected_is_away_until_somebody_marks_it(
    kept: Kept, tmp_path: Path
) -> None:
    store = kept.open()
    store.expect_checkpoints()
    scratch = a_checkpoint(tmp_path / "scratch")
    with pytest.raises(StoreAway, match="Is its disk mounted"):
        store.make_sure()
    for act in (store.put, store.get):
        with pytest.raises(StoreAway):
            act("run/a1/step-1", scratch)
    assert kept.names() == []
    assert mark_store.main([kept.address]) == 0
    again = kept.open()
    again.expect_checkpoints()
    again.put("run/a1/step-1", scratch)
    assert kept.checkpoints() == {"run/a1/step-1"}


def test_a_store_of_an_earlier_version_gets_its_marker_without_a_word(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.leave("run/a1/step-1/file-0")
    store = kept.open()
    store.expect_checkpoints()
    store.make_sure()
    assert MARKER in kept.names()
    assert caplog.records == []


PUTS = """
import sys
from itertools import count
from pathlib import Path
from worker.supervising import store as folders
from worker.supervising.object_store import ObjectStore
from worker.supervising.store_url import open_store

address, scratch, path, moment = sys.argv[1:]
passed = count()

def pause():
    if next(passed) == int(moment):
        print("here", flush=True)
        sys.stdin.read()

def pausing_behind(bring):
    def bring_and_pause(*file):
        bring(*file)
        pause()
    return bring_and_pause

store = open_store(address)
store.make_sure()
if isinstance(store, ObjectStore):
    store._objects.put_file = pausing_behind(store._objects.put_file)
else:
    folders._link_or_copy = pausing_behind(folders._link_or_copy)
store.put(path, Path(scratch))
pause()
"""
"""Stores a checkpoint and waits for its end at a moment: behind a file, or behind the whole."""


def kill_while_putting(kept: Kept, scratch: Path, path: str, *, moment: int) -> None:
    putting = subprocess.Popen(
        [sys.executable, "-c", PUTS, kept.address, str(scratch), path, str(moment)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    with putting:
        assert putting.stdout is not None
        assert putting.stdout.readline() == b"here\n"
        putting.kill()


def test_whenever_a_worker_is_killed_its_checkpoint_is_whole_or_not_there(
    kept: Kept, tmp_path: Path
) -> None:
    scratch = a_checkpoint(tmp_path / "scratch")
    store = kept.open()
    store.put("run/a1/step-1", a_checkpoint(tmp_path / "first"))
    for moment in range(FILES):
        path, before = f"run/a{2 + moment}/step-2", len(kept.names())
        kill_while_putting(kept, scratch, path, moment=moment)
        assert len(kept.names()) == before + moment + 1
        assert not store.get(path, tmp_path / "nothing")
    kill_while_putting(kept, scratch, "run/a98/step-2", moment=FILES)
    assert store.get("run/a98/step-2", tmp_path / "fetched")
    assert read(tmp_path / "fetched") == read(scratch)
    store.put("run/a99/step-3", scratch)
    store.keep_newest("run", kept=KEPT_AT_THE_END)
    assert kept.checkpoints() == {"run/a99/step-3"}

"""A store that does not answer, or is not the one it was, is never taken to be empty."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from tests.support.object_server import KEYS, an_object_server
from worker.supervising import object_store
from worker.supervising.object_store import ObjectStore
from worker.supervising.store import KEPT, CheckpointRefused, FolderStore, StoreAway
from worker.supervising.store_url import StoreUrl, open_store


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def a_checkpoint(folder: Path) -> Path:
    folder.mkdir()
    (folder / "tensors").write_text("weights")
    return folder


def test_a_service_that_is_gone_is_an_error_for_every_verb_and_soon(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with an_object_server() as server:
        store = open_store(server.store("one"))
        store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
    with pytest.raises(StoreAway, match="s3://checkpoints/one"):
        store.get("run/a1/step-1", tmp_path / "fetched")
    began = time.process_time()
    for act in (store.get, store.put):
        with pytest.raises(StoreAway, match="a moment ago"):
            act("run/a1/step-1", tmp_path / "fetched")
    with pytest.raises(StoreAway):
        store.make_sure()
    store.keep_newest("run")
    assert time.process_time() - began < object_store.QUIET_S
    assert "old checkpoints of run run were not removed" in caplog.text
    for secret in KEYS.values():
        assert secret not in caplog.text or secret in ("true", "us-east-1")


def test_a_bucket_or_a_store_that_is_not_there_is_away(tmp_path: Path) -> None:
    with an_object_server() as server:
        other = open_store(server.store("one").replace("checkpoints", "elsewhere"))
        with pytest.raises(StoreAway):
            other.make_sure()
        store = open_store(server.store("one"))
        store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
        server.empty()
        with pytest.raises(StoreAway, match="is gone"):
            store.get("run/a1/step-1", tmp_path / "fetched")


class NothingGoes(MemoryFileSystem):
    """Objects that may be read and written, and not removed."""

    def rm(self, path: object, recursive: bool = False, maxdepth: int | None = None) -> None:  # noqa: ARG002
        raise PermissionError("AccessDenied")


def test_who_may_not_remove_anything_stores_and_fetches_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = ObjectStore(StoreUrl(protocol="memory", root="/nothing-goes"), NothingGoes())
    for step in range(1, KEPT + 3):
        store.put(f"run/a1/step-{step}", a_checkpoint(tmp_path / str(step)))
        store.keep_newest("run")
    assert caplog.text.count("old checkpoints of run run were not removed") == 2
    store.make_sure()
    assert store.get(f"run/a1/step-{KEPT + 2}", tmp_path / "fetched")


def test_without_keys_it_is_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(StoreAway):
        open_store("s3://bucket/a?endpoint=http://127.0.0.1:9").make_sure()


class OneIsForbidden(MemoryFileSystem):
    """Objects of which nobody here may read those of one run."""

    def cat_file(self, path: str, *args: object, **how: object) -> bytes:
        if "/forbidden/" in path:
            raise PermissionError("AccessDenied")
        return bytes(super().cat_file(path, *args, **how))


def test_a_checkpoint_that_may_not_be_read_is_named_and_is_not_none(tmp_path: Path) -> None:
    store = ObjectStore(StoreUrl(protocol="memory", root="/one-is-forbidden"), OneIsForbidden())
    store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
    assert store.get("run/a1/step-1", tmp_path / "fetched")
    with pytest.raises(CheckpointRefused, match="AccessDenied") as refused:
        store.get("forbidden/a1/step-1", tmp_path / "nothing")
    assert refused.value.run_id == "forbidden"
    assert store.get("run/a1/step-1", tmp_path / "fetched at once")


class ClosedLater(MemoryFileSystem):
    """A service that lets in and, once its keys are taken back, lets nobody read anything."""

    cachable = False
    closed = False

    def cat_file(self, path: str, *args: object, **how: object) -> bytes:
        self._check_open()
        return bytes(super().cat_file(path, *args, **how))

    def exists(self, path: str, **how: object) -> bool:
        self._check_open()
        return bool(super().exists(path, **how))

    def _check_open(self) -> None:
        if self.closed:
            raise PermissionError("InvalidAccessKeyId")


def test_where_nothing_may_be_read_any_more_no_checkpoint_is_blamed(tmp_path: Path) -> None:
    service = ClosedLater()
    store = ObjectStore(StoreUrl(protocol="memory", root="/closed-later"), service)
    store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
    service.closed = True
    with pytest.raises(StoreAway, match="InvalidAccessKeyId") as away:
        store.get("run/a1/step-1", tmp_path / "fetched")
    assert not isinstance(away.value, CheckpointRefused)
    with pytest.raises(StoreAway, match="a moment ago"):
        store.make_sure()


AS_NOBODY = """
import os, sys
from pathlib import Path
from worker.supervising.store import CheckpointRefused, FolderStore

store = FolderStore(Path(sys.argv[1]) / "store")
os.setuid(65534)
store.make_sure()
try:
    store.get("run/a1/step-1", Path(sys.argv[1]) / "fetched")
except CheckpointRefused as refused:
    print(refused)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody with fewer rights")
def test_a_folder_that_may_not_be_read_is_no_reason_to_begin_anew() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        FolderStore(folder / "store").put("run/a1/step-1", a_checkpoint(folder / "scratch"))
        (folder / "store/run/a1/step-1").chmod(0o700)
        told = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, name],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        )
    assert told.stdout == "run/a1/step-1 may not be read: Permission denied\n"

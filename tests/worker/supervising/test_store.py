from pathlib import Path

import pytest

from worker.supervising.store import KEPT_AT_THE_END, FolderStore, StoreAway


def a_checkpoint(folder: Path, content: str = "weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "tensors").write_text(content)
    return folder


def test_what_is_kept_can_be_fetched(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "scratch"))
    assert store.get("run/a1/step-5", tmp_path / "fetched")
    assert (tmp_path / "fetched" / "tensors").read_text() == "weights"
    assert not store.get("run/a1/step-6", tmp_path / "nothing")


def test_keeping_a_checkpoint_twice_changes_nothing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "first", "first"))
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "second", "second"))
    assert (tmp_path / "store/run/a1/step-5/tensors").read_text() == "first"
    assert len(list((tmp_path / "store/run/a1").iterdir())) == 1


def test_a_kept_checkpoint_outlives_the_scratch_folder(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    scratch = a_checkpoint(tmp_path / "scratch")
    store.put("run/a1/step-5", scratch)
    (scratch / "tensors").unlink()
    assert (tmp_path / "store/run/a1/step-5/tensors").read_text() == "weights"


def test_the_newest_three_of_a_run_are_kept_whichever_attempt_saved_them(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    scratch = a_checkpoint(tmp_path / "scratch")
    for path in ("a1/step-9", "a1/step-10", "a2/step-9", "a10/step-3"):
        store.put(f"run/{path}", scratch)
    store.put("other/a1/step-1", scratch)
    store.keep_newest("run")
    kept = {str(folder.relative_to(tmp_path / "store")) for folder in tmp_path.glob("store/*/*/*")}
    assert kept == {"run/a1/step-10", "run/a2/step-9", "run/a10/step-3", "other/a1/step-1"}


def test_what_somebody_put_beside_the_checkpoints_is_left_alone(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    for path in ("a1/step-1", "a1/step-2", "a1/step-3", "a1/step-4", "a1/step-1 (copy)"):
        store.put(f"run/{path}", a_checkpoint(tmp_path / path.replace("/", "-")))
    store.keep_newest("run")
    kept = sorted(folder.name for folder in tmp_path.glob("store/run/a1/*"))
    assert kept == ["step-1 (copy)", "step-2", "step-3", "step-4"]


def test_what_a_killed_worker_left_unfinished_is_removed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
    a_checkpoint(tmp_path / "store/run/a1/.unfinished-x1")
    store.keep_newest("run")
    assert [folder.name for folder in (tmp_path / "store/run/a1").iterdir()] == ["step-1"]


def test_a_folder_in_the_place_of_a_file_is_no_checkpoint(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put("run/a1/step-1", a_checkpoint(tmp_path / "scratch"))
    (tmp_path / "store/run/a1/step-1/more").mkdir()
    assert not store.get("run/a1/step-1", tmp_path / "fetched")
    assert not list(tmp_path.glob("fetched*"))


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "run/../../outside", "", "."])
def test_no_path_leads_out_of_the_store(path: str, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    with pytest.raises(ValueError, match="leads out of the store"):
        store.put(path, a_checkpoint(tmp_path / "scratch"))


def test_of_a_run_that_succeeded_only_the_last_is_kept(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    scratch = a_checkpoint(tmp_path / "scratch")
    for path in ("a1/step-9", "a1/step-10", "a2/step-9"):
        store.put(f"run/{path}", scratch)
    store.keep_newest("run", kept=KEPT_AT_THE_END)
    assert [folder.name for folder in tmp_path.glob("store/run/a*/*")] == ["step-9"]
    assert (tmp_path / "store/run/a2/step-9").is_dir()


def test_a_folder_whose_disk_is_not_mounted_is_away_until_it_is(tmp_path: Path) -> None:
    """A folder of the same name in its place is what a mount point is without its disk."""
    place, disk = tmp_path / "store", tmp_path / "disk"
    store = FolderStore(place)
    store.put("run/a1/step-5", a_checkpoint(tmp_path / "scratch"))
    place.rename(disk)
    place.mkdir()
    for act in (store.put, store.get):
        with pytest.raises(StoreAway, match="Is its disk mounted"):
            act("run/a1/step-5", tmp_path / "scratch")
    assert list(place.iterdir()) == []
    place.rmdir()
    disk.rename(place)
    assert store.get("run/a1/step-5", tmp_path / "fetched")


def test_a_new_folder_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/paybatch-store.json").symlink_to(tmp_path / "nowhere/file")
    with pytest.raises(StoreAway, match="cannot be used"):
        FolderStore(tmp_path / "store").make_sure()

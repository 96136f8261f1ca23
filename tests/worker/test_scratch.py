from pathlib import Path

from worker.scratch import Scratch


def test_a_worker_removes_its_folder_when_it_leaves(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "scratch")
    (scratch.new_folder() / "file").write_text("x")
    scratch.close()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_new_worker_removes_what_a_killed_one_left_and_nothing_else(tmp_path: Path) -> None:
    parent = tmp_path / "scratch"
    living = Scratch(parent)
    theirs = living.new_folder()
    abandoned = parent / "worker-killed"
    abandoned.mkdir()
    (abandoned / "in-use").touch()
    newcomer = Scratch(parent)
    assert theirs.is_dir()
    assert not abandoned.exists()
    newcomer.close()
    living.close()

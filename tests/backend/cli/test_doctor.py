import socket
from dataclasses import replace

import pytest
from click.testing import CliRunner

from backend.cli import inspection, main
from backend.cli.doctor import (
    CHECKS,
    check_data,
    check_disk,
    check_open_to,
    check_packages,
    check_port,
    check_sqlite,
)
from backend.settings import Settings
from wording.catalogue import knows


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(data_dir=tmp_path / "data", port=port)


def test_every_check_has_a_sentence_for_both_outcomes():
    names = [check.__name__.removeprefix("check_") for check in CHECKS]
    assert [name for name in names if not knows(f"doctor.{name}.ok")] == []
    assert [name for name in names if not knows(f"doctor.{name}.problem")] == []


def test_this_computer_is_found_fit_to_run_the_tests(settings, monkeypatch):
    monkeypatch.setenv("PAYBATCH_PORT", str(settings.port))
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(settings.data_dir))
    answer = CliRunner().invoke(main, ["doctor", "--lang", "en"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) == len(CHECKS)
    assert all(line.startswith("OK: ") for line in answer.stdout.splitlines())
    assert "torch" in answer.stdout.splitlines()[-1]


def test_an_address_that_others_can_reach_is_a_problem_with_advice(settings, monkeypatch):
    assert check_open_to(settings).well
    assert not check_open_to(replace(settings, host="0.0.0.0")).well  # noqa: S104
    monkeypatch.setenv("PAYBATCH_HOST", "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(settings.data_dir))
    answer = CliRunner().invoke(main, ["doctor", "--lang", "ja"])
    assert answer.exit_code == 1
    assert "問題: ネットワーク全体から接続できます（0.0.0.0）" in answer.stdout


def test_a_data_folder_that_others_can_read_is_a_problem(settings):
    assert check_data(settings).well
    settings.data_dir.mkdir(mode=0o700)
    assert check_data(settings).well
    settings.data_dir.chmod(0o755)
    assert not check_data(settings).well


def test_a_port_of_another_program_is_a_problem(settings):
    assert check_port(settings).outcome == "ok"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.port))
        taken.listen()
        assert check_port(settings).outcome == "problem"


def test_a_running_paybatch_is_no_problem(settings, live):
    url, _ = live
    running = replace(settings, port=int(url.rpartition(":")[2]))
    assert check_port(running).outcome == "used"


def test_sqlite_has_no_known_defect(settings):
    assert check_sqlite(settings).well


def test_the_room_on_the_disk_is_shown(settings):
    assert check_disk(settings).params["free_gib"] == pytest.approx(
        inspection.free_gib(settings.data_dir), abs=0.5
    )


def test_installed_packages_show_their_versions(settings):
    assert "numpy" in str(check_packages(settings).params["versions"])

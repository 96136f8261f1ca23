import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def ask(environment: dict[str, str]):
    return subprocess.run(
        [sys.executable, "-m", "tests.spreadsheet.libreoffice"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_computer_without_a_spreadsheet_is_told_what_to_install():
    answer = ask({"PATH": ""})
    assert answer.returncode == 1
    assert "apt-get install --no-install-recommends libreoffice-calc" in answer.stderr


def test_a_named_spreadsheet_that_does_not_exist_is_told_by_its_name():
    answer = ask({"PATH": "", "PAYBATCH_SOFFICE": "/nowhere/soffice"})
    assert answer.returncode == 1
    assert "/nowhere/soffice does not exist" in answer.stderr


def test_another_spreadsheet_can_be_named(tmp_path):
    program = tmp_path / "soffice"
    program.touch()
    answer = ask({"PATH": "", "PAYBATCH_SOFFICE": str(program)})
    assert answer.stdout == f"Spreadsheet of the tests: {program}\n"

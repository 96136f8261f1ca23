import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def ask(environment: dict[str, str]):
    return subprocess.run(
        [sys.executable, "-m", "tests.browser.chromium"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_computer_without_a_browser_is_told_what_to_install():
    answer = ask({"PATH": ""})
    assert answer.returncode == 1
    assert "apt-get install --no-install-recommends chromium fonts-noto-cjk" in answer.stderr


def test_a_named_browser_that_does_not_exist_is_told_by_its_name():
    answer = ask({"PATH": "", "PAYBATCH_CHROMIUM": "/nowhere/chrome"})
    assert answer.returncode == 1
    assert "/nowhere/chrome does not exist" in answer.stderr


def test_another_browser_can_be_named(tmp_path):
    program = tmp_path / "chrome"
    program.touch()
    answer = ask({"PATH": "", "PAYBATCH_CHROMIUM": str(program)})
    assert answer.stdout == f"Browser of the tests: {program}\n"

"""``paybatch retention``, as people order it: told first, removed only when that is said."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import main


def paybatch(live: tuple[str, str], *arguments: str) -> Result:
    url, token = live
    variables = {"PAYBATCH_URL": url, "PAYBATCH_TOKEN": token}
    return CliRunner().invoke(main, ["retention", *arguments], env=variables)


def test_what_is_old_is_told_and_only_removed_on_order(live: tuple[str, str]) -> None:
    told = paybatch(live, "--older-than", "365", "--lang", "en")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert len(lines) == 7 + 1
    assert lines[2] == "Drafts: 0, 0 MiB"
    assert lines[-1] == "Nothing was removed. To remove it, give --apply as well."
    removed = paybatch(live, "--older-than", "365", "--apply", "--lang", "en")
    assert removed.stdout.splitlines()[:-1] == lines[:-1]
    assert removed.stdout.splitlines()[-1].startswith("It is removed.")


@pytest.mark.parametrize("days", ["0", "-1", "40000"])
def test_an_age_that_is_none_is_refused(live: tuple[str, str], days: str) -> None:
    refused = paybatch(live, "--older-than", days, "--lang", "en")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--older-than: ")


def test_a_paybatch_that_does_not_run_is_told(tmp_path: Path) -> None:
    refused = CliRunner().invoke(
        main,
        ["retention", "--older-than", "365", "--lang", "en"],
        env={"PAYBATCH_DATA_DIR": str(tmp_path)},
    )
    assert refused.exit_code == 2
    assert refused.stdout == ""


def test_whoever_looked_at_the_clock_says_so(live: tuple[str, str]) -> None:
    removed = paybatch(live, "--older-than", "365", "--apply", "--clock-is-right", "--lang", "en")
    assert removed.stdout.splitlines()[-1].startswith("It is removed.")

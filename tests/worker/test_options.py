"""What the command line of a worker refuses, each in a sentence that names the option."""

from pathlib import Path

import pytest

from worker.options import read_options


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--store", ""), "--store: it is empty"),
        (("--store", "w/scratch/store"), "is removed with the worker"),
        (("--checkpoint-every-s", "0"), "checkpoint_every_s must be above zero"),
        (("--checkpoint-every-s", "nan"), "checkpoint_every_s must be above zero"),
        (("--bundle", "0"), "bundle must be at least 1"),
        (("--device-count", "2", "--device", "cuda:0"), "--device-count 2"),
    ],
)
def test_an_option_that_cannot_be_is_named(
    options: tuple[str, ...],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAYBATCH_STORE", raising=False)
    Path("token").write_text("secret")
    given = ["--api", "http://127.0.0.1:1", "--token-file", "token", "--data-dir", "w"]
    with pytest.raises(SystemExit):
        read_options([*given, *options])
    assert said in capsys.readouterr().err
    settings, _ = read_options(given)
    assert settings.store is None

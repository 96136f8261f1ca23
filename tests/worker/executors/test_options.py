"""What the command line of an executor refuses, each with the option that is wrong."""

from pathlib import Path

import pytest

from worker.main import main


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> str:
    token = folder / "token"
    token.write_text("secret")
    given = ["--api", "http://127.0.0.1:1", "--token-file", str(token), "--data-dir", str(folder)]
    with pytest.raises(SystemExit):
        main([*given, *options])
    return capsys.readouterr().err


@pytest.mark.usefixtures("log_as_before")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--executor", "ray"), "--address"),
        (("--address", "auto"), "--executor ray"),
        (("--executor", "ray", "--address", "auto", "--device", "cuda:0"), "Ray decides"),
        (("--executor", "ray", "--address", "auto", "--seats", "0"), "seats"),
        (("--executor", "ray", "--address", "auto", "--seat-cpus", "0"), "a seat takes something"),
        (("--executor", "ray", "--address", "auto", "--seat-cpus", "-1"), "negative"),
        (
            ("--executor", "ray", "--address", "auto", "--device", "cuda", "--seat-gpus", "2"),
            "--seat-gpus",
        ),
    ],
)
def test_a_wrong_option_is_named(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert said in refused(capsys, tmp_path, *options)

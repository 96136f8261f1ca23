"""These tests read Debian's package: ``apt-get install dataset-fashion-mnist``."""

import json
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.meter import LoggedMeter
from tests.support.file_server import file_server

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
EXAMPLE = Path(__file__).parents[3] / "backend" / "data" / "example_pilot.yaml"

PACKED_AT = {"train": 1504176606, "t10k": 1504176627}
"""Unix seconds, of 2017-08-31, in the headers of the published files. Debian's package left out
names and times and is else the same to the bit, as the published checksums prove."""


def as_published(path):
    """The file as its authors packed it."""
    packed, name = path.read_bytes(), path.name.removesuffix(".gz")
    at = struct.pack("<I", PACKED_AT[name.partition("-")[0]])
    return packed[:3] + b"\x08" + at + packed[8:10] + name.encode() + b"\0" + packed[10:]


@pytest.fixture
def paybatch(tmp_path, monkeypatch):
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments, lang="en": CliRunner().invoke(main, [*arguments, "--lang", lang])


@pytest.fixture
def mirror():
    """Offers the four files of Fashion-MNIST."""
    with file_server() as server:
        for path in DEBIAN.iterdir():
            server.files[f"/{path.name}"] = as_published(path)
        yield server


def test_the_list_shows_size_licence_workloads_and_where_each_set_is(paybatch, tmp_path):
    folder = tmp_path / "data" / "datasets" / "cifar-10"
    folder.mkdir(parents=True)
    (folder / "cifar-10-binary.tar.gz").touch()
    answer = paybatch("data", "list")
    assert answer.exit_code == 0
    for part in ("30.9 MB", "MIT", "cifar100-resnet18-groupnorm", str(DEBIAN)):
        assert part in answer.stdout
    (cifar_100,) = [line for line in answer.stdout.splitlines() if line.startswith("cifar-100")]
    (cifar_10,) = [line for line in answer.stdout.splitlines() if line.startswith("cifar-10 ")]
    assert "not here" in cifar_100
    assert "not here" not in cifar_10


def test_a_set_is_fetched_into_the_folder_where_workers_look(paybatch, mirror, tmp_path):
    mirror.cut_after_bytes = 20_000_000
    answer = paybatch("data", "fetch", "fashion-mnist", "--mirror", mirror.url)
    assert answer.exit_code == 0, answer.stderr
    folder = tmp_path / "data" / "datasets" / "fashion-mnist"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name.removeprefix("/"): content for name, content in mirror.files.items()
    }
    assert answer.stdout.startswith(f"fashion-mnist is in {folder}. A worker that runs already")
    assert answer.stderr.splitlines()[-1] == "fashion-mnist: 100%, 30.9 MB of 30.9 MB"
    assert any(asked is not None for _, asked in mirror.asked)


def test_a_set_is_fetched_into_a_named_folder(paybatch, mirror, tmp_path):
    place = ("--mirror", mirror.url, "--data", str(tmp_path / "sets"))
    answer = paybatch("data", "fetch", "fashion-mnist", *place, lang="ja")
    assert answer.exit_code == 0, answer.stderr
    assert len(list((tmp_path / "sets" / "fashion-mnist").iterdir())) == 4
    assert "fashion-mnist：100%（30.9 MB中30.9 MB）" in answer.stderr


def test_a_log_has_a_line_for_every_tenth(capsys):
    meter = LoggedMeter("a-set", "en")
    for done_bytes in range(0, 10_000_001, 100_000):
        meter.show(done_bytes, 10_000_000)
    meter.show(10_000_000, 10_000_000)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "a-set: 0%, 0.0 MB of 10.0 MB"
    assert told[-1] == "a-set: 100%, 10.0 MB of 10.0 MB"
    assert len(told) == len(set(told)) == 11


def test_wrong_bytes_end_the_command_and_leave_nothing_of_them(paybatch, mirror, tmp_path):
    name = "t10k-labels-idx1-ubyte.gz"
    mirror.files[f"/{name}"] = mirror.files[f"/{name}"][:-1] + b"?"
    answer = paybatch("data", "fetch", "fashion-mnist", "--mirror", mirror.url)
    assert answer.exit_code == 1
    assert f"What arrived of {name} is not what its authors published" in answer.stderr
    here = {path.name for path in (tmp_path / "data" / "datasets" / "fashion-mnist").iterdir()}
    assert here == {path.name for path in DEBIAN.iterdir()} - {name}


def test_a_set_that_nobody_knows_is_refused_with_the_ones_there_are(paybatch):
    answer = paybatch("data", "fetch", "mnist")
    assert answer.exit_code == 1
    assert "There are: fashion-mnist, cifar-10, cifar-100." in answer.stderr


def test_a_mirror_that_lacks_the_file_is_named(paybatch, mirror):
    mirror.files.clear()
    answer = paybatch("data", "fetch", "cifar-10", "--mirror", f"{mirror.url}/sets/")
    assert answer.exit_code == 1
    url = f"{mirror.url}/sets/cifar-10-binary.tar.gz"
    assert answer.stderr.startswith(f"{url} answers with status 404")


def test_a_pilot_whose_data_are_missing_says_how_to_get_them_before_it_starts(paybatch, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8").replace("digits-mlp", "cifar100-resnet18")
    (tmp_path / "pilot.yaml").write_text(text, encoding="utf-8")
    answer = paybatch("pilot", "run", str(tmp_path / "pilot.yaml"), "--out", str(tmp_path / "out"))
    assert answer.exit_code == 1
    assert answer.stderr.startswith("cifar100-resnet18 needs the data set cifar-100")
    assert not (tmp_path / "out").exists()


def test_a_fetch_that_is_stopped_goes_on_with_the_same_command(mirror, tmp_path):
    command = [sys.executable, "-m", "worker.data", "fetch", "fashion-mnist"]
    command += ["--data", str(tmp_path), "--mirror", mirror.url]
    mirror.statuses = [503] * 1000
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        while not mirror.asked:
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 1
    mirror.statuses.clear()
    assert not (tmp_path / "fashion-mnist" / "train-images-idx3-ubyte.gz").exists()
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    last = json.loads(ended.stdout.splitlines()[-1])
    assert last == {"event": "done", "folder": str(tmp_path / "fashion-mnist")}

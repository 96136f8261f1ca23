"""Zip archives that leave their folder, fill the disk or hold something else are refused."""

import zipfile

import pytest

from backend.imports.reading import look, read
from backend.imports.unpacking import unpacked
from planner.refusal import Refusal


def refused(path):
    with pytest.raises(Refusal) as found:
        list(read(path, look(path).suggested))
    return found.value


def packed(path, *members, **kind):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **kind) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


CSV = "step,timestamp,loss\n1,5,2\n"


@pytest.mark.parametrize("name", ["../out.csv", "/out.csv", "a/../../out.csv", "C:/out.csv"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path, name):
    said = refused(packed(tmp_path / "a.zip", (name, CSV)))
    assert said.code == "import_zip_path"
    assert not (tmp_path / "out.csv").exists()


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("log.csv")
    link.external_attr = 0o120777 << 16
    assert refused(packed(tmp_path / "a.zip", (link, "/etc/passwd"))).code == "import_zip_path"


def test_an_archive_in_an_archive_several_tables_and_other_files_are_refused(tmp_path):
    inner = packed(tmp_path / "b.zip", ("log.csv", CSV)).read_bytes()
    assert refused(packed(tmp_path / "a.zip", ("log.csv", inner))).code == "import_format_unknown"
    two = packed(tmp_path / "c.zip", ("a.csv", CSV), ("b.csv", CSV))
    assert refused(two).code == "import_several_files"
    assert refused(packed(tmp_path / "d.zip", ("a.bin", b"x"))).code == "import_format_unknown"


def test_what_macos_packs_beside_every_file_is_passed_over(tmp_path):
    beside = ("__MACOSX/._log.csv", b"\0\5\x16\7")
    path = packed(tmp_path / "a.zip", ("log.csv", CSV), beside, ("._log.csv", b"\0\5\x16\7"))
    assert [run.name for run in look(path).runs] == ["a"]


def test_what_an_archive_expands_to_is_counted_while_it_is_written(tmp_path):
    bomb = packed(tmp_path / "a.zip", ("log.csv", b"0" * (11 * 2**20)))
    assert bomb.stat().st_size < 2**16
    with pytest.raises(Refusal) as found, unpacked(bomb, most_bytes=10 * 2**20):
        pass
    assert found.value.code == "import_zip_too_large"


def test_a_damaged_archive_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", ("log.csv", CSV * 1000))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    assert refused(path).code == "import_zip_broken"

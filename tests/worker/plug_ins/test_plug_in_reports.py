"""What a worker says of its plug-ins when it registers, and that a trainer trains just that."""

import pytest

from tests.support.plug_ins import install
from worker.codec import encode
from worker.data.places import DataPlaces
from worker.plug_ins.adapter import load_plug_in, load_reported
from worker.plug_ins.describing import reported
from worker.plug_ins.installed import installed, named
from worker.plug_ins.kept_description import KeptDescription
from worker.plug_ins.problem import PlugInWrong


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def places(tmp_path):
    return DataPlaces(cache_dir=tmp_path / "cache")


def test_nothing_is_started_where_nothing_is_installed(places):
    assert reported(places.descriptions_dir, leaving=lambda: False) == ()
    assert not places.descriptions_dir.exists()


def test_what_is_installed_is_found_without_being_imported(site):
    install(site, "raise RuntimeError('imported')")
    (found,) = installed()
    assert (found.name, found.version) == ("ours", "1.0")
    assert found.fingerprint.startswith(f"{found.package} 1.0 ")


def test_two_packages_with_one_workload_are_told_apart_from_none(site):
    install(site, name="twice")
    install(site, name="twice")
    assert named("twice").code == "installed_twice"
    assert named("digits-mlp").code == "name_is_built_in"
    assert named("nobody's").code == "not_installed"


def test_what_was_told_is_not_asked_again_until_the_code_changes(site, places):
    plug_in = install(site)
    facts = load_plug_in(plug_in).facts
    KeptDescription(places.descriptions_dir, plug_in).write(facts)
    assert reported(places.descriptions_dir, leaving=lambda: False) == (facts,)
    assert load_reported("ours", places).facts == facts


def test_a_trainer_refuses_code_that_was_changed_since_it_was_reported(site, places):
    plug_in = install(site)
    kept = KeptDescription(places.descriptions_dir, plug_in)
    kept.write(load_plug_in(plug_in).facts)
    file = site / f"{plug_in.value}.py"
    file.write_text(file.read_text() + "\nclasses = 5\n")
    assert kept.read() is None
    with pytest.raises(PlugInWrong, match="Its code has changed since the worker reported it"):
        load_reported("ours", places)


def test_a_damaged_description_is_asked_for_again(site, places):
    plug_in = install(site)
    kept = KeptDescription(places.descriptions_dir, plug_in)
    kept.write(load_plug_in(plug_in).facts)
    assert encode(kept.read())["training_samples"] == 90
    kept.path.write_text("{")
    assert kept.read() is None


def test_a_worker_that_leaves_does_not_wait_for_its_plug_ins(site, places):
    install(site, "import threading\nthreading.Event().wait()")
    assert reported(places.descriptions_dir, leaving=lambda: True) == ()

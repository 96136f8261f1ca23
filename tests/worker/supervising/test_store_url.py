"""How a store is named: one way for each, and never with a key in it."""

from pathlib import Path

import pytest

from worker.supervising.store import StoreAway
from worker.supervising.store_url import StoreRefused, open_store, store_url

ELSEWHERE = "http://10.0.0.1:9000"


@pytest.mark.parametrize(
    ("given", "environment", "name"),
    [
        ("s3://bucket", {}, "s3://bucket"),
        ("s3://bucket/", {}, "s3://bucket"),
        ("S3://bucket//a/b/", {}, "s3://bucket/a/b"),
        ("s3a://bucket/a b", {}, "s3://bucket/a%20b"),
        ("s3://bucket/a%20b", {}, "s3://bucket/a%20b"),
        ("s3://b", {"AWS_ENDPOINT_URL": "http://Minio:9000/"}, "s3://b?endpoint=http://minio:9000"),
        ("s3://b?endpoint=http://minio:9000", {}, "s3://b?endpoint=http://minio:9000"),
        (
            "s3://b",
            {"AWS_ENDPOINT_URL": ELSEWHERE, "AWS_ENDPOINT_URL_S3": "https://s3.example.com"},
            "s3://b?endpoint=https://s3.example.com",
        ),
        ("gs://bucket/a", {"AWS_ENDPOINT_URL": ELSEWHERE}, "gs://bucket/a"),
    ],
)
def test_a_store_has_one_name_however_it_is_written(
    given: str, environment: dict[str, str], name: str
) -> None:
    assert store_url(given, environment=environment).text == name
    assert store_url(name, environment={}).text == name


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("s3://key:secret@bucket/a", "come from the environment"),
        ("s3://key@bucket/a", "come from the environment"),
        ("file://key:secret@localhost/a", "come from the environment"),
        ("s3://bucket?key=AKIA&secret=x", "nothing else"),
        ("s3://bucket?endpoint=http://key:secret@minio", "more than an address"),
        ("s3://bucket?endpoint=minio:9000", "begins with http"),
        ("s3://bucket#part", "more than a protocol"),
        ("simplecache::s3://bucket", "more than a protocol"),
        ("s3:///a", "no bucket"),
        ("s3://bucket/../other", "in its path"),
        ("memory://a", "keeps no checkpoints"),
        ("https://example.com/a", "keeps no checkpoints"),
        ("nonsense://bucket/a", "not known here"),
        ("file://elsewhere/a", "begins with a slash"),
        ("file:///nowhere/at/all", "does not exist"),
        ("/nowhere/at/all", "does not exist"),
    ],
)
def test_an_address_that_is_no_store_is_refused_with_a_reason(given: str, why: str) -> None:
    with pytest.raises(StoreRefused, match=why):
        open_store(given, environment={})


def test_a_folder_has_one_name_by_path_and_by_address(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a b")
    by_path = open_store(f"{tmp_path}/a b", environment={})
    for given in (
        f"file://{tmp_path}/a%20b",
        f"file://{tmp_path}/link/../a b/",
        f"{tmp_path}/link",
    ):
        assert open_store(given, environment={}).url == by_path.url


def test_a_folder_that_is_gone_is_away_and_not_empty(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    store = open_store(str(tmp_path / "store"), environment={})
    store.make_sure()
    (tmp_path / "store").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreAway, match="is gone"):
        store.make_sure()
    for act in (store.get, store.put):
        with pytest.raises(StoreAway):
            act("run/a1/step-1", tmp_path)

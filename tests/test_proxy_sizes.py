"""The proxy lets through what the API takes, and no more than a little beyond."""

import re
from pathlib import Path

import pytest

from backend.access.guard import FILES, LARGEST_BODY_BYTES, LARGEST_FILE_BYTES

CADDYFILE = (Path(__file__).parents[1] / "docker" / "Caddyfile").read_text(encoding="utf-8")
MB = 10**6
PAGE_UPLOADS = "/_stcore/upload_file/*"
"""Where the page takes files."""


def largest_bytes(matcher: str) -> int:
    (size,) = re.findall(rf"request_body {matcher} {{\s+max_size (\d+)MB", CADDYFILE)
    return int(size) * MB


@pytest.mark.parametrize(
    ("matcher", "taken"), [("@file", LARGEST_FILE_BYTES), ("@other", LARGEST_BODY_BYTES)]
)
def test_what_the_api_takes_comes_through_the_proxy(matcher: str, taken: int) -> None:
    assert taken < largest_bytes(matcher) <= 3 * taken


def test_every_request_has_one_of_the_two_bounds() -> None:
    assert f"@file path {FILES} {PAGE_UPLOADS}\n" in CADDYFILE
    assert f"@other not path {FILES} {PAGE_UPLOADS}\n" in CADDYFILE
    assert len(re.findall("max_size", CADDYFILE)) == 2

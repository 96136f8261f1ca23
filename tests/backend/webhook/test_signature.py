"""The signature: checked by the arithmetic that a receiver does; the secret lies in no database."""

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from backend.webhook.signature import KEY_FILE, make_key, new_salt, secret_of, signature


def test_a_signature_is_the_hmac_of_the_time_a_dot_and_the_body() -> None:
    expected = hmac.new(b"secret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
    assert signature("secret", b'{"a":1}', sent_s=1700000000) == f"t=1700000000,v1={expected}"


def test_a_salt_names_one_secret_and_another_salt_another(tmp_path: Path) -> None:
    make_key(tmp_path)
    first, second = new_salt(), new_salt()
    assert secret_of(tmp_path, first) == secret_of(tmp_path, first) != secret_of(tmp_path, second)
    assert first not in str(secret_of(tmp_path, first))


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    make_key(tmp_path)
    before = (tmp_path / KEY_FILE).read_text()
    make_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == before
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_without_the_key_there_is_no_secret(tmp_path: Path) -> None:
    assert secret_of(tmp_path, new_salt()) is None


@pytest.mark.parametrize("left", ["", "abcd", "not a key"])
def test_a_key_that_is_not_whole_signs_nothing_and_is_made_anew(tmp_path, left):
    (tmp_path / KEY_FILE).write_text(left, encoding="ascii")
    assert secret_of(tmp_path, new_salt()) is None
    make_key(tmp_path)
    assert secret_of(tmp_path, new_salt()) is not None

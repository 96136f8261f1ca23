"""Settings come from the environment, and nonsense is refused by name."""

from pathlib import Path

import pytest

from backend.settings import Settings, settings_from
from planner.refusal import Refusal


def test_an_empty_environment_gives_a_local_installation() -> None:
    assert settings_from({}) == Settings()
    assert (Settings().host, Settings().lease_s, Settings().beat_s) == ("127.0.0.1", 15, 2)


def test_every_setting_can_be_given_by_the_environment() -> None:
    given = {
        "PAYBATCH_DATA_DIR": "/var/lib/paybatch",
        "PAYBATCH_DATABASE_URL": "postgresql://paybatch@database.example/paybatch",
        "PAYBATCH_DATASETS_DIR": "/srv/datasets",
        "PAYBATCH_HOST": "0.0.0.0",  # noqa: S104
        "PAYBATCH_PORT": "9000",
        "PAYBATCH_PAGE_PORT": "9001",
        "PAYBATCH_PAGE_URL": "https://paybatch.example/",
        "PAYBATCH_ALLOWED_HOSTS": "paybatch.example, localhost",
        "PAYBATCH_LEASE_S": "30",
        "PAYBATCH_BEAT_S": "5",
        "PAYBATCH_BUSY_S": "1.5",
        "PAYBATCH_LOST_ATTEMPTS_LIMIT": "2",
        "PAYBATCH_ADMIN_TOKEN": "a" * 32,
        "PAYBATCH_REGISTRATION_TOKEN": "r" * 32,
        "PAYBATCH_BACKUP_EVERY_H": "0.5",
        "PAYBATCH_BACKUPS_KEPT": "3",
        "PAYBATCH_BALLAST_MIB": "0",
        "PAYBATCH_BACKUP_BEFORE_UPGRADE": "0",
        "HOME": "/root",
    }
    assert settings_from(given) == Settings(
        data_dir=Path("/var/lib/paybatch"),
        database_url="postgresql://paybatch@database.example/paybatch",
        datasets_dir=Path("/srv/datasets"),
        host="0.0.0.0",  # noqa: S104
        port=9000,
        page_port=9001,
        page_url="https://paybatch.example/",
        allowed_hosts=("paybatch.example", "localhost"),
        lease_s=30,
        beat_s=5,
        busy_s=1.5,
        lost_attempts_limit=2,
        admin_token="a" * 32,
        registration_token="r" * 32,
        backup_every_h=0.5,
        backups_kept=3,
        ballast_mib=0,
        backup_before_upgrade=0,
    )


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("PORT", "many", "setting_not_whole"),
        ("BACKUP_EVERY_H", "never", "setting_not_a_number"),
        ("PORT", "0", "port_out_of_range"),
        ("PAGE_PORT", "70000", "port_out_of_range"),
        ("PAGE_PORT", "8200", "port_used_twice"),
        ("PAGE_URL", "paybatch.example", "page_url_wrong"),
        ("LEASE_S", "nan", "lease_too_short"),
        ("LEASE_S", "4", "lease_too_short"),
        ("BEAT_S", "0", "not_positive"),
        ("BACKUP_EVERY_H", "nan", "negative"),
        ("BACKUPS_KEPT", "0", "not_positive"),
        ("BALLAST_MIB", "-1", "negative"),
        ("ADMIN_TOKEN", "short", "token_too_short"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(name: str, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings_from({f"PAYBATCH_{name}": text})
    assert (refused.value.field, refused.value.code) == (name.lower(), code)

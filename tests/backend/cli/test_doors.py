"""What doctor says about who may come in: each line is well, or a problem with advice."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from backend.cli.doors import (
    check_credentials,
    check_database,
    check_hosts,
    check_people,
    check_sign_in,
    check_webhook,
)
from backend.settings import Settings
from wording.catalogue import LANGUAGES, say


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path, port=1)


def shown(finding):
    texts = [
        say(f"doctor.{finding.key}.{finding.outcome}", language, **finding.params)
        for language in LANGUAGES
    ]
    assert all(texts)
    return texts[0]


def test_a_name_that_people_are_sent_to_and_that_is_not_answered_is_a_problem(settings):
    assert check_hosts(settings).well
    back = "https://api.example.com/sign-in/oidc/callback"
    public = replace(settings, page_url="https://paybatch.example.com", oidc_redirect_url=back)
    assert shown(check_hosts(public)).startswith("People are sent to api.example.com, which")
    assert not check_hosts(public).well
    assert check_hosts(replace(public, allowed_hosts=("api.example.com",))).well


def test_first_tokens_that_others_can_read_are_a_problem(settings):
    assert check_credentials(settings).well
    settings.credentials_path.write_text("{}")
    settings.credentials_path.chmod(0o640)
    assert not check_credentials(settings).well
    settings.credentials_path.chmod(0o600)
    assert check_credentials(settings).well


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        (None, "ok"),
        ("postgresql://paybatch:hidden@127.0.0.1/team", "server"),
        ("postgresql://paybatch:hidden@db.example.com/team", "problem"),
        ("postgresql://paybatch:hidden@db.example.com/team?sslmode=prefer", "problem"),
        ("postgresql://paybatch:hidden@db.example.com/team?sslmode=verify-full", "encrypted"),
    ],
)
def test_the_place_of_the_database_is_told_without_its_password(settings, url, outcome):
    found = check_database(replace(settings, database_url=url))
    assert found.outcome == outcome
    assert "hidden" not in shown(found)


def test_the_ways_to_sign_in_are_told(settings):
    assert check_sign_in(settings).outcome == "ok"
    team = replace(settings, oidc_issuer="https://id.example.com", oidc_client_id="paybatch")
    assert "https://id.example.com" in shown(check_sign_in(team))


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"oidc_issuer": "http://id.example.com"}, "PAYBATCH_OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "PAYBATCH_OIDC_CLIENT_ID"),
        ({"oidc_redirect_url": "http://paybatch.example.com/x"}, "PAYBATCH_OIDC_REDIRECT_URL"),
        ({"oidc_redirect_url": "https://paybatch.example.com/x"}, "PAYBATCH_OIDC_REDIRECT_URL"),
        ({"oidc_roles": "ml-team=planner"}, "PAYBATCH_OIDC_ROLES"),
        ({"oidc_roles": '{"ml-team": "boss"}'}, "PAYBATCH_OIDC_ROLES"),
        ({"oidc_default_role": "boss"}, "PAYBATCH_OIDC_DEFAULT_ROLE"),
        ({"oidc_session_h": 0.0}, "PAYBATCH_OIDC_SESSION_H"),
        ({"oidc_issuer": None}, "PAYBATCH_OIDC_ISSUER"),
    ],
)
def test_a_provider_that_is_set_up_wrongly_is_a_problem_with_its_setting(
    settings, changes, setting
):
    good = {"oidc_issuer": "https://id.example.com", "oidc_client_id": "paybatch"}
    found = check_sign_in(replace(settings, **good | changes))
    assert (found.well, found.params) == (False, {"setting": setting})


def test_a_secret_in_a_file_is_read_and_one_that_cannot_be_read_is_a_problem(settings, tmp_path):
    path = tmp_path / "secret"
    team = replace(
        settings,
        oidc_issuer="https://id.example.com",
        oidc_client_id="paybatch",
        oidc_client_secret_file=path,
    )
    assert not check_sign_in(team).well
    path.write_text("kept apart\n")
    assert check_sign_in(team).well
    assert not check_sign_in(replace(team, oidc_client_secret="twice")).well


def test_what_only_a_running_paybatch_knows_is_said_to_be_open(settings):
    assert (check_people(settings).outcome, check_webhook(settings).outcome) == (
        "stopped",
        "stopped",
    )


def test_a_running_paybatch_tells_how_many_may_come_in(settings, live, tmp_path):
    url, _ = live
    here = replace(settings, port=urlsplit(url).port, data_dir=tmp_path / "live")
    assert "tokens admin 1 (∞ 1), registration 1 (∞ 1); sessions 0" in shown(check_people(here))
    assert check_webhook(here).outcome == "off"
    stranger = replace(here, data_dir=tmp_path / "elsewhere")
    assert not check_people(stranger).well

"""``paybatch open``: a link for a browser of one's own, or of somebody else's."""

import httpx
import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import credentials_in
from tests.support.live_server import serving
from tests.support.processes import PATIENCE_S

SOMEBODY = ("--name", "Aiko", "--role", "viewer")


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, ["open", *arguments, "--lang", "en"])


def test_a_link_for_somebody_else_is_good_for_as_long_as_is_said(paybatch):
    made = paybatch(*SOMEBODY, "--valid-minutes", "60")
    assert "It works once, within 60 minutes." in made.stderr
    assert httpx.get(made.stdout.strip(), timeout=PATIENCE_S).status_code == 303


def test_a_link_that_only_this_computer_can_open_is_told_when_it_is_for_somebody_else(paybatch):
    only_here = "Its address is of this computer alone."
    assert only_here in paybatch(*SOMEBODY).stderr
    assert only_here not in paybatch().stderr


def test_where_the_public_address_is_known_the_link_leads_there(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path, origin="https://paybatch.example.com")
    with serving(create_app(settings)) as url:
        monkeypatch.setenv("PAYBATCH_TOKEN", credentials_in(tmp_path).admin_token)
        made = CliRunner().invoke(main, ["open", *SOMEBODY, "--url", url, "--lang", "en"])
    assert made.stdout.startswith("https://paybatch.example.com/sign-in?code=")
    assert "this computer alone" not in made.stderr


@pytest.mark.parametrize("minutes", ["0", "1441"])
def test_a_time_that_no_link_has_is_refused_as_it_was_typed(paybatch, minutes):
    refused = paybatch("--valid-minutes", minutes)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--valid-minutes: The value ")

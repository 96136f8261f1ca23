import json

from click.testing import CliRunner

from backend.cli import main

ADDRESS = "https://hooks.example.com/take"


def test_a_webhook_is_set_shown_and_switched_off(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)

    def paybatch(*arguments):
        return CliRunner().invoke(main, ["webhook", *arguments, "--lang", "en"])

    refused = paybatch("set", "https://127.0.0.1/")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("ADDRESS: The address must name a public server")
    off = paybatch("test")
    assert (off.exit_code, off.stderr.startswith("Nothing is sent at present.")) == (2, True)
    secret = paybatch("set", ADDRESS).stdout.rpartition(" ")[2].strip()
    assert secret.startswith("pbwh_")
    shown = paybatch("show").stdout
    told = json.loads(shown)
    assert (told["on"], told["url"], secret in shown) == (True, ADDRESS, False)
    assert not json.loads(paybatch("off").stdout)["on"]

"""``python -m frontend --port 8201 --api http://127.0.0.1:8200``: serves the pages."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from starlette.middleware import Middleware
from streamlit import App, config

from frontend.calls.api import API_URL_VARIABLE, connect
from frontend.serving.addresses import OneLevel
from frontend.serving.guard import PageGuard
from frontend.serving.headers import SecurityHeaders
from frontend.serving.one_stream import write_all_lines_alike
from frontend.serving.uploads import Uploads
from planner.refusal import Refusal
from wording import log_lines
from wording.refusals import refusal_line

HERE = Path(__file__).parent

STOPS_WITHIN_S = 3
"""How long open pages are waited for at the end; they connect again by themselves."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves the pages until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m frontend", description=__doc__)
    parser.add_argument("--port", type=int, default=8201)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--api", default="http://127.0.0.1:8200", help="address of the API")
    parser.add_argument(
        "--allowed-hosts",
        default="127.0.0.1,localhost",
        help="names that people open the pages under, separated by commas, beside --host",
    )
    given = parser.parse_args(arguments)
    hosts = {given.host, *given.allowed_hosts.split(",")}
    os.environ[API_URL_VARIABLE] = given.api
    try:
        log_lines.set_up()
    except Refusal as refusal:
        parser.error(refusal_line(refusal.field, refusal.code, "en", refusal.params))
    os.chdir(HERE.parent)  # .streamlit/config.toml lies there
    config.set_option("server.port", given.port)
    config.set_option("server.address", given.host)
    app = App(
        HERE / "app.py",
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(PageGuard, allowed_hosts=hosts),
            Middleware(Uploads, api=connect(given.api)),
            Middleware(OneLevel),
        ],
    )
    write_all_lines_alike()
    uvicorn.run(
        app,
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
    )


if __name__ == "__main__":
    main()

"""Addresses below a page, which Streamlit would answer with an empty one."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from frontend.serving.addresses import OneLevel

READER = {"Accept": "text/html,*/*"}


def ask(path, headers):
    """The answer of a program that serves whatever it is asked for."""
    served = Route("/{path:path}", lambda request: PlainTextResponse(request.url.path))
    program = Starlette(routes=[served], middleware=[Middleware(OneLevel)])

    async def answer():
        to_it = httpx.ASGITransport(app=program)
        async with httpx.AsyncClient(transport=to_it, base_url="http://page") as http:
            return await http.get(f"http://page{path}", headers=headers)

    return asyncio.run(answer())


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/worked-case/8?lang=ja", "/worked-case?lang=ja"),
        ("/a/b/c", "/a?"),
        ("//elsewhere.example/x", "/elsewhere.example?"),
    ],
)
def test_an_address_below_a_page_leads_to_the_page(asked, led_to):
    answer = ask(asked, READER)
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)


@pytest.mark.parametrize("asked", ["/", "/review?pilot=1", "/static/index.js", "/_stcore/health"])
def test_pages_and_files_are_served_where_they_are(asked):
    assert ask(asked, READER).status_code == 200


def test_programs_that_ask_for_no_document_are_left_alone():
    assert ask("/a/b", {"Accept": "application/json"}).status_code == 200

"""A team with a sign-in provider, and somebody new for every test."""

import itertools
from collections.abc import Iterator

import pytest

from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock
from tests.support.sign_in_provider import (
    CLIENT_SECRET,
    SignInProvider,
    a_sign_in_provider,
    signed,
)
from tests.support.team_sign_in import settings_for

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="module")
def honest(clock: StillClock) -> Iterator[SignInProvider]:
    with a_sign_in_provider(lambda: clock.at) as provider:
        yield provider


@pytest.fixture
def provider(honest: SignInProvider) -> Iterator[SignInProvider]:
    """One that vouches for somebody new."""
    number = next(NUMBERS)
    honest.claims = {"sub": f"ann-{number}", "name": f"Ann {number}", "groups": ["ml-team"]}
    yield honest
    honest.change, honest.sign, honest.answer = lambda _: None, signed, lambda answer: answer
    honest.spends_codes, honest.down, honest.more_keys = True, False, []


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory, clock: StillClock, honest: SignInProvider
) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("team")
    with an_api(folder, clock, **settings_for(honest, CLIENT_SECRET)) as api:
        yield api

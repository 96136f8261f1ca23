"""A clock that jumped ahead makes everything look old: nothing goes until somebody looked at it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.installation import Api, a_pilot, problem


def ordered(api: Api, days: int, **more: object) -> Any:
    return api.post("/api/retention:apply", {"older_than_days": days} | more)


def removed(api: Api, days: int, **more: object) -> int:
    answer = ordered(api, days, **more).raise_for_status().json()
    return sum(item["count"] for item in answer["items"])


def work_daily(api: Api, *, days: int) -> None:
    for day in range(days):
        api.clock.pass_s(86_400)
        api.create(a_pilot(name=f"of {api.clock.at:%Y-%m-%d}"), key=f"{day} {api.clock.at}")


def test_after_a_jump_of_400_days_nothing_is_removed_until_somebody_says_that_the_clock_is_right(
    api: Api,
) -> None:
    api.create(a_pilot(), key="kept for a repeated request")
    day = api.clock.at.date()
    api.clock.jump(days=400)
    refused = ordered(api, 365)
    assert problem(refused)[1:] == ("clock_in_doubt", "clock_is_right")
    told = refused.json()["params"]
    assert told == {
        "since": day.isoformat(),
        "until": (day + timedelta(days=400)).isoformat(),
        "days": 400,
    }
    assert removed(api, 365, clock_is_right=True) == 1


def test_what_is_done_under_the_wrong_clock_does_not_make_it_right(api: Api) -> None:
    api.create(a_pilot())
    api.clock.jump(days=400)
    work_daily(api, days=3)
    assert problem(ordered(api, 365))[1] == "clock_in_doubt"


def test_once_said_it_holds_for_what_was_before(api: Api) -> None:
    api.create(a_pilot())
    api.clock.jump(days=400)
    removed(api, 365, clock_is_right=True)
    assert removed(api, 365) == 0
    api.clock.jump(days=400)
    assert problem(ordered(api, 365))[1] == "clock_in_doubt"


@pytest.mark.parametrize("jump", [{"hours": 2}, {"hours": -2}, {"days": -400}])
def test_a_jump_that_makes_nothing_look_old_asks_nobody(api: Api, jump: dict[str, float]) -> None:
    api.create(a_pilot())
    api.clock.jump(**jump)
    assert removed(api, 365) == 0


def test_work_without_long_pauses_asks_nobody(api: Api) -> None:
    work_daily(api, days=10)
    assert removed(api, 6) == 3  # answers kept on days 1 to 3; that of day 4 is not older


def test_a_backup_that_would_go_itself_vouches_for_no_clock(api: Api) -> None:
    """Else an order that goes on after it would be refused, although some of it was done."""
    api.create(a_pilot())
    api.clock.pass_s(41 * 86_400)
    api.installation.backups.make("schedule")
    api.clock.pass_s(2 * 86_400)
    work_daily(api, days=29)
    api.installation.backups.make("schedule")
    assert problem(ordered(api, 30))[1] == "clock_in_doubt"
    assert len(api.installation.backups.folder.notes()) == 2


def test_a_young_installation_asks_nobody(api: Api) -> None:
    assert removed(api, 365) == 0

"""The list of notifications: somebody's words stay words, and new ones say so."""

from datetime import UTC, datetime

from frontend.tables.notifications import notification_list
from planner.exchange.notifications import Notification

AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def told(*, name: str, read: bool) -> Notification:
    return Notification(
        number=1,
        kind="pilot_finished",
        at=AT,
        pilot_id="p1",
        pilot_name=name,
        run_id=None,
        facts={"look": 1, "looks": 1},
        read=read,
    )


def test_a_hostile_name_is_shown_as_it_was_typed():
    markup = notification_list([(AT, told(name="<img src=x>", read=True))], "en", title="Told")
    assert "<img" not in markup
    assert "&lt;img src=x&gt;: the pilot has finished" in markup
    assert 'href="/review?pilot=p1&amp;lang=en"' in markup


def test_only_what_was_not_read_is_new():
    new = notification_list([(AT, told(name="a", read=False))], "ja", title="お知らせ")
    read = notification_list([(AT, told(name="a", read=True))], "ja", title="お知らせ")
    assert ("未読" in new, "未読" in read) == (True, False)

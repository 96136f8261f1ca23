"""Notifications as sentences in both languages, each with the way to the right page."""

from datetime import UTC, datetime

import pytest

from planner.exchange.notifications import Notification, NotificationKind
from wording.notifications import notification_path, notification_sentence

RUN: dict[str, str | int | float] = {
    "schedule": "growing batch",
    "rate_multiplier": 2.0,
    "seed": 11,
    "attempt": 1,
    "step": 1234,
}


def told(kind: NotificationKind, **facts: str | int | float) -> Notification:
    return Notification(
        number=1,
        kind=kind,
        at=datetime(2026, 11, 1, tzinfo=UTC),
        pilot_id="p1",
        pilot_name="Digits",
        run_id=None,
        facts=facts,
        read=False,
    )


def cap(scope: str, unit: str, limit: float, currency: str = "", **more: str | int | float):
    return told("cap_reached", scope=scope, unit=unit, limit=limit, currency=currency, **more)


CASES = {
    "finished": (
        told("pilot_finished", look=1, looks=2),
        "Digits: the pilot has finished (look 1 of 2). Its review is ready.",
        "Digits：パイロットが終了しました（2回中1回目の判定）。評価を確認できます。",
        "review",
    ),
    "diverged": (
        told("run_diverged", **RUN),
        'Digits: the run "growing batch, 2×, seed 11" diverged at step 1,234 and has stopped.',
        "Digits：実行「growing batch、2倍、シード11」がステップ1,234で発散し、停止しました。",
        "live",
    ),
    "failed": (
        told("run_failed", **RUN),
        'Digits: the run "growing batch, 2×, seed 11" failed, and the pilot waits for it. '
        "See why, then retry or cancel the run.",
        "Digits：実行「growing batch、2倍、シード11」が失敗したため、パイロットが待機しています。"
        "原因を確認し、実行をやり直すか中止してください。",
        "live",
    ),
    "failed probe": (
        told("run_failed", **{**RUN, "schedule": ""}),
        'Digits: the run "Throughput of the device" failed, and the pilot waits for it. '
        "See why, then retry or cancel the run.",
        "Digits：実行「デバイスの速度」が失敗したため、パイロットが待機しています。"
        "原因を確認し、実行をやり直すか中止してください。",
        "live",
    ),
    "cap of a run": (
        cap("run", "energy_kwh", 0.25, **RUN),
        'Digits: the run "growing batch, 2×, seed 11" has stopped, because it used up its cap of '
        "0.250 kWh.",
        "Digits：実行「growing batch、2倍、シード11」が上限（0.250 kWh）を使い切り、停止しました。",
        "live",
    ),
    "cap of a pilot": (
        cap("pilot", "money", 30_000, "JPY"),
        "Digits: the pilot waits, because it used up its cap of ¥30,000. Raise it to go on.",
        "Digits：パイロットが上限（30,000円）を使い切り、待機しています。"
        "続けるには上限を引き上げてください。",
        "live",
    ),
    "cap of the month": (
        cap("month", "device_h", 12.5),
        "Digits: work has stopped, because the cap of the installation in this month, "
        "12.5 device-hours, is used up. An administrator can raise it; otherwise the work goes "
        "on next month.",
        "Digits：システム全体の今月の上限（12.5デバイス時間）を使い切り、作業が止まりました。"
        "管理者が引き上げるか、翌月になると再開します。",
        "settings",
    ),
    "verdict": (
        told("gate_ready", gate="limited_rollout", why="verdict", schedule="growing batch"),
        'Digits: the review says to adopt "growing batch". The gate "Limited rollout" awaits a '
        "decision.",
        "Digits：「growing batch」は採用との評価です。ゲート「限定展開」が判断を待っています。",
        "decide",
    ),
    "criteria": (
        told("gate_ready", gate="full", why="criteria", schedule="growing batch"),
        'Digits: "growing batch" meets all criteria of the gate "Full use". It awaits a sign-off.',
        "Digits：「growing batch」がゲート「全面適用」の条件をすべて満たしました。"
        "承認を待っています。",
        "decide",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_notification_is_a_sentence_that_leads_to_where_something_can_be_done(case):
    notification, english, japanese, page = CASES[case]
    assert notification_sentence(notification, "en") == english
    assert notification_sentence(notification, "ja") == japanese
    assert notification_path(notification, "ja") == f"/{page}?pilot=p1&lang=ja"

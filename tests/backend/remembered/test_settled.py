"""What is kept of pilots that are over is never older than what it rests on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.remembered.settled import BESIDE, MOST_MEASUREMENTS, WORK, Settled
from backend.services import line_ups, reviews
from backend.tables import AttemptRow, Base, ChunkRow, ClaimRow, PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.line_ups.line_up_request import LineUpRequest, PilotChoice
from planner.reviews.review_input import ReviewRequest
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve
from tests.support.statements import statements


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """A pilot that ended, which the tests change one after the other; its judge reads nothing."""
    folder = tmp_path_factory.mktemp("settled")
    with an_api(folder, beat_s=3600.0, lease_s=9000.0) as api:
        yield api, finished(api)


def finished(api: Api, name: str = "A pilot", **more: Any) -> str:
    """Id of a pilot that ended."""
    pilot = a_pilot(name=name, seeds={"confirmation": [11, 12, 13]}, budget={"epochs": 20}, **more)
    started = api.create(pilot, throughput=planted_curve(), key=name)
    api.worker().work_until_idle()
    assert api.pilot(started.id).phase == "done"
    return started.id


def shown(api: Api, pilot_id: str) -> tuple[Any, Any]:
    """The comparison and the review of a pilot, as they are answered."""
    chosen = {"pilots": [{"pilot_id": pilot_id}]}
    return (
        api.post("/api/line-ups:compute", chosen).raise_for_status().json(),
        api.post("/api/reviews:compute", {"pilot_id": pilot_id}).raise_for_status().json(),
    )


def shown_anew(api: Api, pilot_id: str) -> tuple[Any, Any]:
    """The same, when nothing was kept."""
    kept = api.installation.settled
    object.__setattr__(api.installation, "settled", Settled())
    try:
        return shown(api, pilot_id)
    finally:
        object.__setattr__(api.installation, "settled", kept)


def readings(seen: list[str]) -> int:
    """How often measurements were read."""
    return sum("FROM chunks" in one for one in seen)


def a_work(api: Api, session: Session) -> UnitOfWork:
    return UnitOfWork(
        session=session,
        installation=api.installation,
        principal=None,  # type: ignore[arg-type]  # nobody is asked
        now=api.clock.at,
    )


def test_measurements_of_a_pilot_that_is_over_are_read_once(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    first = shown(api, pilot_id)
    with statements() as seen:
        assert shown(api, pilot_id) == first
        finished(api, "Another")  # creates, claims, points and the end of another pilot
        seen_before = len(seen)
        assert shown(api, pilot_id)[1] == first[1]
    assert readings(seen[seen_before:]) == 0


def test_a_pilot_that_goes_on_is_read_each_time(ended: tuple[Api, str]) -> None:
    api, _ = ended
    pilot = a_pilot(seeds={"confirmation": [11, 12, 13]}, budget={"epochs": 20})
    started = api.create(pilot, throughput=planted_curve(), key="goes on")
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    before = shown(api, started.id)
    worker.train(claim.runs[0])
    assert shown(api, started.id)[1] != before[1]
    worker.work_until_idle()


def _more_points(session: Session, run_id: str) -> None:
    """The newest points are lost, as if fewer had been measured."""
    chunk = session.scalars(
        select(ChunkRow).where(ChunkRow.run_id == run_id, ChunkRow.series_group == "evaluation")
    ).first()
    assert chunk is not None
    session.merge(
        ChunkRow(
            **{column.name: getattr(chunk, column.name) for column in ChunkRow.__table__.c}
            | {"samples": bytes(len(chunk.samples))}
        )
    )


def _a_later_attempt(session: Session, run_id: str) -> None:
    """An attempt that began at step 0 supersedes everything before it."""
    first = session.scalars(select(AttemptRow).where(AttemptRow.run_id == run_id)).first()
    assert first is not None
    told = {column.name: getattr(first, column.name) for column in AttemptRow.__table__.c}
    claim = session.get_one(ClaimRow, first.token)
    of_claim = {column.name: getattr(claim, column.name) for column in ClaimRow.__table__.c}
    session.add(ClaimRow(**of_claim | {"token": 999_999}))
    session.flush()
    more = {"number": first.number + 1, "from_step": 0, "token_hash": "another", "token": 999_999}
    session.add(AttemptRow(**told | more))


def _a_longer_run(session: Session, run_id: str) -> None:
    of_run = update(AttemptRow).where(AttemptRow.run_id == run_id)
    session.execute(of_run.values(wall_clock_s=1e6 + AttemptRow.wall_clock_s))


def _by_hand(session: Session, run_id: str) -> None:
    session.execute(
        text("UPDATE attempts SET wall_clock_s = 2e6 WHERE run_id = :run_id"), {"run_id": run_id}
    )


def _of_all_runs(session: Session, _: str) -> None:
    session.execute(update(AttemptRow).values(wall_clock_s=3e6))


def _a_failed_run(session: Session, run_id: str) -> None:
    session.get_one(RunRow, run_id).status = "cancelled"


def _fewer_looks(session: Session, run_id: str) -> None:
    run = session.get_one(RunRow, run_id)
    session.get_one(PilotRow, run.pilot_id).looks_used += 1


@pytest.mark.parametrize(
    "change",
    [
        *(_more_points, _a_later_attempt, _a_longer_run, _by_hand, _of_all_runs),
        *(_a_failed_run, _fewer_looks),
    ],
)
def test_any_change_of_what_was_measured_is_seen(
    ended: tuple[Api, str], change: Callable[[Session, str], None]
) -> None:
    api, pilot_id = ended
    before = shown(api, pilot_id)
    run_id = api.runs(pilot_id, "succeeded")[0].id
    with api.installation.database.write() as session, session.begin():
        change(session, run_id)
        session.flush()
        assert shown(api, pilot_id) == before  # nothing is committed yet
    after = shown(api, pilot_id)
    assert after == shown_anew(api, pilot_id)
    assert after[1] != before[1]


def test_what_is_taken_back_was_never_seen(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    before = shown(api, pilot_id)
    with api.installation.database.write() as session:
        _of_all_runs(session, "")
        session.rollback()
    assert shown(api, pilot_id) == before


def test_a_price_that_was_entered_counts_at_once(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    before = shown(api, pilot_id)
    profile = api.pilot(pilot_id).pilot.hardware.profile
    card = api.get(f"/api/prices/{profile}").json()
    price = {
        **{name: card[name] for name in ("id", "device", "vendor", "kind", "board_w")},
        "rent_per_gpu_hour": {"amount": 77.0, "currency": "USD"},
        "as_of": api.clock.at.date().isoformat(),
        "source": "an offer",
    }
    owner = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    answer = api.http.put(f"/api/prices/{profile}", json=price, headers=owner)
    assert answer.is_success, answer.text
    after = shown(api, pilot_id)
    assert after == shown_anew(api, pilot_id)
    assert after[1] != before[1]


def test_more_seeds_open_a_pilot_again(ended: tuple[Api, str]) -> None:
    api, _ = ended
    pilot_id = finished(api, "With two looks", looks=2)
    before = shown(api, pilot_id)
    body = {"seeds": 1, "reason": "one more"}
    more = api.post(f"/api/pilots/{pilot_id}:add-seeds", body, **{"Idempotency-Key": "more"})
    more.raise_for_status()
    api.worker().work_until_idle()
    after = shown(api, pilot_id)
    assert after == shown_anew(api, pilot_id)
    assert after[1] != before[1]


def test_a_reader_of_an_older_moment_keeps_nothing_for_later_ones(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    run_id = api.runs(pilot_id, "succeeded")[0].id
    with api.installation.database.read() as session:
        early = a_work(api, session)
        session.scalars(select(PilotRow)).all()
        with api.installation.database.write() as writer, writer.begin():
            _a_longer_run(writer, run_id)
        old = reviews.compute(early, ReviewRequest(pilot_id=pilot_id))
        line_ups.compute(early, LineUpRequest(pilots=(PilotChoice(pilot_id=pilot_id),)))
        after = shown(api, pilot_id)
        assert after == shown_anew(api, pilot_id)
        assert reviews.compute(early, ReviewRequest(pilot_id=pilot_id)) == old


def test_a_unit_of_work_in_the_middle_of_a_transaction_trusts_nothing_that_was_kept(
    ended: tuple[Api, str],
) -> None:
    api, pilot_id = ended
    shown(api, pilot_id)
    with api.installation.database.read() as session:
        session.scalars(select(PilotRow)).all()
        late = a_work(api, session)
        with statements() as seen:
            reviews.evidence_of(late, ReviewRequest(pilot_id=pilot_id))
    assert readings(seen) > 0


def test_no_more_is_kept_than_fits() -> None:
    kept = Settled()
    half = MOST_MEASUREMENTS // 2 + 1
    for name in ("a", "b"):
        kept.keep((name, "review"), name, ids=[name], measurements=half, seen=kept.moment)
    assert kept.find(("a", "review"), seen=kept.moment) is None
    assert kept.find(("b", "review"), seen=kept.moment) == "b"
    huge = MOST_MEASUREMENTS + 1
    kept.keep(("c", "review"), "c", ids=["c"], measurements=huge, seen=kept.moment)
    assert kept.find(("c", "review"), seen=kept.moment) is None
    assert kept.find(("b", "review"), seen=kept.moment) == "b"


def test_what_was_asked_for_longest_ago_leaves_first() -> None:
    kept = Settled()
    third = MOST_MEASUREMENTS // 3 + 1
    for name in ("a", "b"):
        kept.keep((name, "review"), name, ids=[name], measurements=third, seen=kept.moment)
    assert kept.find(("a", "review"), seen=kept.moment) == "a"
    kept.keep(("c", "review"), "c", ids=["c"], measurements=third, seen=kept.moment)
    assert kept.find(("a", "review"), seen=kept.moment) == "a"
    assert kept.find(("b", "review"), seen=kept.moment) is None


def test_a_review_reads_no_table_whose_changes_are_passed_over(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    with api.installation.database.read() as session, statements() as seen:
        work = a_work(api, session)
        object.__setattr__(work, "seen", -1)  # so that nothing is found
        line_ups.compute(work, LineUpRequest(pilots=(PilotChoice(pilot_id=pilot_id),)))
    words = {word.strip('(),"') for one in seen for word in one.split()}
    assert not words & BESIDE
    assert words >= WORK
    assert set(Base.metadata.tables) >= BESIDE | WORK


def test_retention_leaves_every_review_as_it_was(ended: tuple[Api, str]) -> None:
    api, pilot_id = ended
    before = shown(api, pilot_id)
    api.clock.jump(days=400)
    order = {"older_than_days": 30, "clock_is_right": True}
    told = api.post("/api/retention:apply", order).raise_for_status().json()
    assert next(one for one in told["items"] if one["kind"] == "series")["count"] > 0
    with statements() as seen:
        assert shown(api, pilot_id)[1] == before[1]
    assert readings(seen) > 0

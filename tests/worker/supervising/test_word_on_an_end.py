"""What a worker is told of the end of a part, where its own word crosses that on the way."""

import json
import socket
from contextlib import closing

from planner.exchange.work import Finish
from tests.support.processes import wait_until
from tests.support.rank_hosts import own_offer
from tests.worker.builders import a_claimed_run
from tests.worker.supervising.jobs import JobFor
from worker.codec import decode, encode
from worker.job import TrainerJob
from worker.rank_hosts.rank_host import RankHost
from worker.rank_hosts.wire import Wire

WHY = Finish(outcome="failed", step=3, wall_clock_s=1.0, final_metrics={}, reason="trainer_failed")


def test_why_a_rank_failed_counts_although_the_end_was_asked_for_meanwhile(
    job_for: JobFor,
) -> None:
    job = decode(TrainerJob, json.loads(job_for(a_claimed_run(device_count=2)).read_text()))
    ends = [Wire(end, end.makefile("rb"), silence_s=10.0) for end in socket.socketpair()]
    with closing(ends[0]) as ours, closing(ends[1]) as theirs:
        host = RankHost(0, own_offer(), ours)
        host.begin(job, {})
        theirs.say({"ended": 1, "well": False, "failures": {"1": encode(WHY)}})
        theirs.say({"ended": 1, "well": True, "failures": {}})
        theirs.say({"said": "all"})
        host.end()
        come = ours._heard  # nothing else tells that both are here
        wait_until(lambda: come.qsize() == 3, what="both words and one behind them")
        ended = host.news()
        assert ended is not None
        assert (ended.well, dict(ended.failures)) == (False, {1: WHY})
        assert host.news() is None

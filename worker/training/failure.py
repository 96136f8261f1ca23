"""How an attempt ends when something goes wrong: failed with its reason, or without a word."""

import logging
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from planner.exchange.work import Finish
from worker.data.places import DataMissing
from worker.plug_ins.problem import PlugInWrong
from worker.spool import NO_ROOM
from worker.training.memory import is_out_of_memory
from worker.training.ranks import RankLost
from worker.training.run_context import Fenced, RunContext

_DETAIL_LINES = 15
_DETAIL_CHARACTERS = 4000

log = logging.getLogger(__name__)


@contextmanager
def failing_alone(contexts: Iterable[RunContext]) -> Iterator[None]:
    """An error inside ends those of the attempts that are not over, and nothing else."""
    try:
        yield
    except Fenced:
        log.info("the attempt belongs to another worker")
        for context in contexts:
            context.leave()
    except RankLost:
        log.error("another rank is gone: this one leaves, too")
        for context in contexts:
            context.lose_rank()
    except DataMissing as missing:
        log.error("%s", missing)
        _fail(contexts, "data_missing", str(missing))
    except PlugInWrong as wrong:
        log.exception("the plug-in broke its contract")
        _fail(contexts, "plug_in_wrong", str(wrong))
    except Exception as error:
        log.exception("training failed")
        _fail(contexts, _reason(error), _last_lines())


def _reason(error: Exception) -> str:
    if is_out_of_memory(error):
        return "out_of_memory"
    no_room = isinstance(error, OSError) and error.errno in NO_ROOM
    return "disk_full" if no_room else "trainer_failed"


def _fail(contexts: Iterable[RunContext], reason: str, detail: str) -> None:
    for context in contexts:
        if context.over:
            continue
        context.give_up_checkpoint()
        context.report(
            Finish(
                outcome="failed",
                step=context.step,
                wall_clock_s=context.wall_clock_s,
                final_metrics={},
                reason=reason,
                detail=detail[-_DETAIL_CHARACTERS:],
            )
        )


def _last_lines() -> str:
    """The end of the traceback of the exception that is being handled, without NUL characters."""
    return "\n".join(traceback.format_exc().splitlines()[-_DETAIL_LINES:]).replace("\0", "\ufffd")

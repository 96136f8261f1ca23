"""`python -m worker.describe`: what the installed plug-ins bring, as JSON on standard output.

Without an argument every plug-in is asked in a program of its own; `--one NAME` is such a program.
"""

import argparse
import json
import os
import sys

from planner.pilots.plug_in import PlugInDescription, PlugInProblem
from worker.codec import encode
from worker.plug_ins.describing import describe
from worker.plug_ins.installed import installed, named
from worker.plug_ins.own_output import take_standard_output
from worker.process_death import die_with


def main(arguments: list[str] | None = None) -> int:
    """Answers with one description, or with all of them."""
    parser = argparse.ArgumentParser(prog="python -m worker.describe", description=__doc__)
    parser.add_argument("--one", metavar="NAME", help="load this plug-in here")
    given = parser.parse_args(arguments)
    if given.one is None:
        names = sorted({one.name for one in installed()})
        json.dump([encode(describe(name)) for name in names], sys.stdout)
        return 0
    die_with(os.getppid())
    answer = take_standard_output()
    json.dump(encode(_described(given.one)), answer)
    answer.flush()
    # What the plug-in left running, or does when it is torn down, changes nothing any more.
    os._exit(0)


def _described(name: str) -> PlugInDescription:
    # Imported here: the program that only asks others does without torch.
    import torch

    from worker.plug_ins.adapter import load_plug_in
    from worker.plug_ins.problem import PlugInWrong

    plug_in = named(name)
    if isinstance(plug_in, PlugInProblem):
        return PlugInDescription(name=name, version="", workload=None, problem=plug_in)
    torch.set_num_threads(1)
    try:
        facts = load_plug_in(plug_in).facts
    except PlugInWrong as wrong:
        return PlugInDescription(
            name=name, version=plug_in.version, workload=None, problem=wrong.problem
        )
    return PlugInDescription(name=name, version=plug_in.version, workload=facts, problem=None)


if __name__ == "__main__":
    sys.exit(main())

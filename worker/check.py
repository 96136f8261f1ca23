"""`python -m worker.check NAME`: tries a plug-in and says what is wrong, a JSON value a line."""

import argparse
import json
import os
import sys

import torch

from planner.pilots.plug_in import PlugInFinding, PlugInProblem
from worker.codec import encode
from worker.plug_ins.checks import examine
from worker.plug_ins.installed import named
from worker.plug_ins.own_output import take_standard_output
from worker.process_death import die_with


def main(arguments: list[str] | None = None) -> int:
    """Writes every finding as soon as it is made."""
    parser = argparse.ArgumentParser(prog="python -m worker.check", description=__doc__)
    parser.add_argument("name", help="of the plug-in's entry point")
    given = parser.parse_args(arguments)
    die_with(os.getppid())
    torch.set_num_threads(1)
    answer = take_standard_output()
    plug_in = named(given.name)
    if isinstance(plug_in, PlugInProblem):
        findings = iter(
            [
                PlugInFinding(
                    check="installed",
                    outcome="problem",
                    code=plug_in.code,
                    params=plug_in.params,
                )
            ]
        )
    else:
        findings = examine(plug_in)
    for finding in findings:
        answer.write(json.dumps(encode(finding)) + "\n")
        answer.flush()
    # What the plug-in left running, or does when it is torn down, changes nothing any more.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

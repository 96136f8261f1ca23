"""Recomputes a pilot's folder from its exported CSV files, importing nothing of the product.

    python recompute.py FOLDER

From stages.csv, throughput.csv, settings.csv, attempts.csv, evaluations.csv and the first six
columns of runs.csv follow steps, times to target, bills, ratios, costs, flows, payback and net
present value; they are compared with the rest of runs.csv, schedules.csv and cash_flows.csv.
Quantities must agree to 1e-9 of themselves, money to the cent. The exit code is 1 where one does
not; the last line says how many were compared.
"""

import math
import sys
from pathlib import Path

import numpy as np
from recompute_money import priced
from recompute_runs import Pilot, rows

MONEY = ("pilot_cost", "training_cost", "investment", "npv")
OF_RUNS = (
    *("steps", "step_to_target", "epochs_to_target", "samples_to_target", "time_to_target_s"),
    *("training_s", "billed_s", "evaluations", "final_target_value", "final_quality"),
)
OF_SCHEDULES = (
    *("runs", "reached", "epochs_to_target", "steps_to_target", "samples_to_target"),
    *("mean_time_to_target_s", "restricted_mean_time_s", "final_quality", "pilot_device_h"),
    *("pilot_cost", "training_h", "training_device_h", "training_cost", "time_ratio"),
    *("investment", "npv", "payback_months"),
)


class Comparison:
    """Counts what agrees and keeps what does not."""

    def __init__(self):
        self.compared = 0
        self.wrong = []

    def check(self, place, exported, recomputed, *, money=False):
        self.compared += 1
        if not same(exported, recomputed, money=money):
            self.wrong.append(f"{place}: exported {exported!r}, recomputed {recomputed!r}")


def same(exported, recomputed, *, money):
    if exported == "" or recomputed is None:
        return exported == "" and recomputed is None
    if money:
        return abs(float(exported) - float(recomputed)) < 0.01
    return math.isclose(float(exported), float(recomputed), rel_tol=1e-9, abs_tol=1e-12)


def mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def measured(races, budget_s):
    """The measured columns of a schedule's row."""
    hits = [race for race in races if race["step_to_target"] is not None]
    times = [race["time_to_target_s"] for race in hits]
    kept = [*times, *[budget_s] * (len(races) - len(hits))]
    return {
        "runs": len(races),
        "reached": len(hits),
        "epochs_to_target": mean(race["epochs_to_target"] for race in hits),
        "steps_to_target": mean(race["step_to_target"] for race in hits),
        "samples_to_target": mean(race["samples_to_target"] for race in hits),
        "mean_time_to_target_s": mean(times),
        "restricted_mean_time_s": mean(kept),
        "final_quality": mean(race["final_quality"] for race in races),
    }


def compare(folder):
    pilot, comparison = Pilot(folder), Comparison()
    table, flows_of = priced(pilot)
    for row, race in zip(rows(folder / "runs.csv"), pilot.races, strict=True):
        for column in OF_RUNS:
            comparison.check(f"runs.csv, run {row['run']}, {column}", row[column], race[column])
    for row in rows(folder / "schedules.csv"):
        name = row["schedule"]
        own = measured(list(pilot.arm(name).values()), pilot.budget_s) | table[name]
        for column in OF_SCHEDULES:
            place = f"schedules.csv, {name}, {column}"
            comparison.check(place, row[column], own.get(column), money=column in MONEY)
    exported = list(rows(folder / "cash_flows.csv"))
    comparison.check("cash_flows.csv, rows", len(exported), sum(map(len, flows_of.values())))
    for row in exported:
        flows, month = flows_of[row["schedule"]], int(row["month"])
        place = f"cash_flows.csv, {row['schedule']}, month {month}"
        comparison.check(place, row["amount"], flows[month], money=True)
        total = np.cumsum(flows)[month]
        comparison.check(f"{place}, cumulative", row["cumulative"], total, money=True)
    return comparison


def main():
    comparison = compare(Path(sys.argv[1]))
    for line in comparison.wrong:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{comparison.compared} compared, {len(comparison.wrong)} differ\n")
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

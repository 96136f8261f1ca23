"""What an exported pilot's runs took, from its CSV files; nothing of the product is imported."""

import csv
import math
from collections import defaultdict

import numpy as np
from recompute_courses import Bundles, Course, Device

LOGARITHMIC = ("train_loss", "validation_loss", "full_gradient_norm")
ENDED = ("succeeded", "diverged", "capped", "cancelled")
ATTEMPT_COUNTS = ("attempt", "from_step", "to_step", "evaluations", "bundle_size")
FIRST_COLUMNS = ("run", "schedule", "rate_multiplier", "seed", "purpose", "status")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {name: cell.removeprefix("'") for name, cell in row.items()}


def number(cell):
    return float(cell) if cell not in ("", None) else None


class Settings(dict):
    """Dotted names and the texts of their values."""

    def number(self, name):
        return number(self.get(name, ""))

    def list(self, prefix):
        """The rows ``prefix[0]``, ``prefix[1]``, ... as texts."""
        found, place = [], 0
        while f"{prefix}[{place}]" in self:
            found.append(self[f"{prefix}[{place}]"])
            place += 1
        return found

    def table(self, prefix):
        """The groups of rows ``prefix[0].name``, ``prefix[1].name``, ... by name."""
        found = []
        while row := self.below(f"{prefix}[{len(found)}]"):
            found.append(row)
        return found

    def below(self, prefix):
        start = f"{prefix}."
        return {name[len(start) :]: self[name] for name in self if name.startswith(start)}


def crossing_of(points, target):
    """Steps before and at the entry that holds, and the way between them; None for never."""
    metric, value = target["metric"], float(target["value"])
    sign = 1.0 if target["direction"] == "below" else -1.0
    values = [number(point.get(metric)) for point in points]
    holds = [found is not None and sign * (found - value) <= 0 for found in values]
    needed = int(target["sustained_evaluations"])
    lasting = metric == "full_gradient_norm"
    for place in range(len(points) - needed + 1):
        window = holds[place:] if lasting else holds[place : place + needed]
        if all(window):
            break
    else:
        return None
    before, after = values[max(place - 1, 0)], values[place]
    if before is None or before == after:
        way = 1.0
    elif metric in LOGARITHMIC and min(before, after, value) > 0:
        way = math.log(before / value) / math.log(before / after)
    else:
        way = (before - value) / (before - after)
    return int(points[max(place - 1, 0)]["step"]), int(points[place]["step"]), min(max(way, 0), 1)


def between(boundaries, crossing):
    low, high, way = crossing
    return float(boundaries[low] + (boundaries[high] - boundaries[low]) * way)


class Pilot:
    """Everything that was exported, and what follows from it."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = Settings(
            (row["setting"], row["value"]) for row in rows(folder / "settings.csv")
        )
        self.target = self.settings.below("pilot.target")
        self.quality = self.settings.get("pilot.quality.metric")
        self.device = Device(
            list(rows(folder / "throughput.csv")),
            int(self.settings["micro_batch_plan.largest_micro_batch_size"]),
        )
        self.bundles = Bundles(self.settings.table("throughput.bundles"))
        stages = defaultdict(list)
        for row in rows(folder / "stages.csv"):
            stages[row["schedule"]].append(row)
        self.training_samples = int(self.settings["workload.training_samples"])
        self.courses = {
            name: Course(found, self.device, self.training_samples)
            for name, found in stages.items()
        }
        self.points, self.attempts = defaultdict(list), defaultdict(list)
        for row in rows(folder / "evaluations.csv"):
            self.points[row["run"]].append(row)
        for row in rows(folder / "attempts.csv"):
            counts = {name: int(row[name]) for name in ATTEMPT_COUNTS}
            self.attempts[row["run"]].append({**counts, "follows": row["follows"]})
        self.races = [
            self.race({name: row[name] for name in FIRST_COLUMNS})
            for row in rows(folder / "runs.csv")
        ]
        self.budget_s = max(float(course.elapsed[-1]) for course in self.courses.values())
        self.roles = dict(self.named_roles())
        self.baseline = next(name for name, role in self.roles.items() if role == "baseline")

    def race(self, row):
        course, points = self.courses[row["schedule"]], self.points[row["run"]]
        attempts = self.attempts[row["run"]]
        fell_back = any(attempt["follows"] for attempt in attempts)
        counts = row["status"] == "succeeded" and not fell_back
        crossing = crossing_of(points, self.target) if counts else None
        evaluations = sum(attempt["evaluations"] for attempt in attempts)
        trained_s = self.trained_s(course, attempts)
        at_end = points and int(points[-1]["step"]) == course.steps and not fell_back
        final = points[-1] if at_end else {}
        boundaries = np.arange(course.steps + 1)
        samples = between(course.samples, crossing) if crossing else None
        return {
            **{name: row[name] for name in ("run", "schedule", "purpose", "status")},
            "seed": int(row["seed"]),
            "rate_multiplier": float(row["rate_multiplier"]),
            "steps": course.steps,
            "step_to_target": between(boundaries, crossing) if crossing else None,
            "samples_to_target": samples,
            "epochs_to_target": samples / self.training_samples if crossing else None,
            "time_to_target_s": between(course.elapsed, crossing) if crossing else None,
            "training_s": float(course.elapsed[-1]),
            "billed_s": trained_s + evaluations * self.settings.number("throughput.evaluation_s"),
            "evaluations": evaluations,
            "evaluated_s": self.evaluated_s(course, crossing[1] if crossing else course.steps),
            "final_target_value": number(final.get(self.target["metric"])),
            "final_quality": number(final.get(self.quality)),
        }

    def evaluated_s(self, course, last):
        """Of a training that ends there; one that was over at its start was none."""
        made = course.evaluations_to(last, self.settings["pilot.evaluation.every"]) if last else 0
        return made * self.settings.number("throughput.evaluation_s")

    def trained_s(self, course, attempts):
        """Seconds of all attempts; those that follow another schedule take its steps."""
        total = 0.0
        elapsed = course.elapsed
        for attempt in attempts:
            if attempt["follows"] and elapsed is course.elapsed:
                other = self.courses[attempt["follows"]]
                elapsed = course.elapsed_after_leaving(attempt["from_step"], other)
            spent = elapsed[attempt["to_step"]] - elapsed[attempt["from_step"]]
            total += spent / self.bundles.speed_up(course, attempt["bundle_size"])
        return total

    def named_roles(self):
        place = 0
        while schedule := self.settings.below(f"pilot.schedules[{place}]"):
            yield schedule["name"], schedule["role"]
            place += 1

    def arm(self, name):
        """Races of a schedule that count, by seed."""
        finalist = name == self.baseline or name in self.settings.list("selection.finalists")
        confirmed = finalist and self.settings.list("pilot.seeds.confirmation")
        purpose = "confirmation" if confirmed else "selection"
        wanted = (name, self.settings.number(f"selection.selected.{name}"), purpose)
        return {
            race["seed"]: race
            for race in sorted(self.races, key=lambda race: race["seed"])
            if (race["schedule"], race["rate_multiplier"], race["purpose"]) == wanted
            and race["status"] in ENDED
        }

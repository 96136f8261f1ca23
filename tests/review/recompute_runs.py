"""What an exported pilot's runs took, from its CSV files; nothing of the product is imported."""

import csv
import math
from collections import defaultdict

import numpy as np

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


class Device:
    """Step times: medians where they were measured, the relative fit in between and beyond."""

    def __init__(self, points, largest_micro_batch):
        self.batch = np.array([float(point["batch_size"]) for point in points])
        self.time = np.array([float(point["step_time_s"]) for point in points])
        self.largest = largest_micro_batch
        used = int(np.argmax(self.batch / self.time)) + 1
        self.t0, self.per_sample = self._fit(self.batch[:used], self.time[:used])

    @staticmethod
    def _fit(batch, time):
        """Least squares of ``(t0 + b s) / t - 1``: a weighted line through its centre."""
        weight = time**-2.0
        centre_b, centre_t = np.average(batch, weights=weight), np.average(time, weights=weight)
        away = batch - centre_b
        t0 = -1.0
        if len(batch) > 1:
            slope = (weight * away * (time - centre_t)).sum() / (weight * away**2).sum()
            t0 = centre_t - slope * centre_b
        if t0 < 0:
            t0, slope = 0.0, (batch / time).sum() / ((batch / time) ** 2).sum()
        smallest = 0.01 * time[-1] / batch[-1]
        if slope < smallest:
            slope = smallest
            t0 = max(0.0, (weight * (time - slope * batch)).sum() / weight.sum())
        return t0, slope

    def micro_batch_s(self, batch):
        place = int(np.searchsorted(self.batch, batch))
        if place < len(self.batch) and self.batch[place] == batch:
            return float(self.time[place])
        ends = (
            self.time[place - 1] if place else 0.0,
            self.time[place] if place < len(self.batch) else math.inf,
        )
        return min(max(self.t0 + batch * self.per_sample, min(ends)), max(ends))

    def parts(self, items):
        """The micro-batches of a step."""
        count = math.ceil(items / self.largest)
        smaller, larger_parts = divmod(items, count)
        return [smaller + 1] * larger_parts + [smaller] * (count - larger_parts)

    def step_s(self, items):
        return sum(self.micro_batch_s(part) for part in self.parts(items))


class Bundles:
    """What runs gain that are trained together, for every way that was timed."""

    def __init__(self, timed):
        self.timed = defaultdict(list)
        for row in timed:
            members = int(row["members"])
            alone_s, together_s = float(row["single_step_time_s"]), float(row["step_time_s"])
            gain = members * alone_s / together_s
            self.timed[row["execution"], members].append((float(row["batch_size"]), gain))

    def speed_up(self, course, size):
        """Of so many runs of a schedule: the best way's, in proportion where fewer were there."""
        ways = [
            (self.composed(course, sorted(found)), members)
            for (_, members), found in self.timed.items()
        ]
        gain, members = max(ways, default=(1.0, 1))
        fewest = max(2, math.ceil(members * 1.1 / gain))
        if gain < 1.1 or size < fewest:
            return 1.0
        return gain * min(size, members) / members

    @staticmethod
    def composed(course, found):
        """Interpolated over the logarithm of the batch, weighted with the time of every stage."""
        logs = np.log([batch for batch, _ in found])
        alone_s = together_s = 0.0
        for batch, steps in course.planned_parts:
            seconds = steps * course.device.micro_batch_s(batch)
            alone_s += seconds
            together_s += seconds / np.interp(math.log(batch), logs, [gain for _, gain in found])
        return alone_s / together_s


class Course:
    """What the stages of a schedule ask for, step by step."""

    def __init__(self, stages, device, training_samples):
        self.stages = [
            {name: int(cell) for name, cell in stage.items() if name != "schedule"}
            for stage in stages
        ]
        items, seen = [], 0
        for stage in self.stages:
            for _ in range(stage["steps"]):
                items.append(min(stage["batch_size"], training_samples - seen % training_samples))
                seen += items[-1]
        self.steps, self.device = len(items), device
        self.planned_parts = [
            (part, stage["steps"])
            for stage in self.stages
            for part in device.parts(stage["batch_size"])
        ]
        seconds = {size: device.step_s(size) for size in set(items)}
        self.elapsed = np.append(0.0, np.cumsum([seconds[size] for size in items]))
        self.samples = np.append(0, np.cumsum(items))

    def samples_by_batch(self, step):
        """Batch size and samples of every stage up to a fractional step."""
        for stage in self.stages:
            done = min(max(step - stage["first_step"], 0.0), stage["steps"])
            yield stage["batch_size"], stage["samples"] * done / stage["steps"]


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
            assert not row["follows"], "runs that fell back are not recomputed"
            self.attempts[row["run"]].append({name: int(row[name]) for name in ATTEMPT_COUNTS})
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
        crossing = crossing_of(points, self.target) if row["status"] == "succeeded" else None
        evaluations = sum(attempt["evaluations"] for attempt in attempts)
        trained_s = sum(
            (course.elapsed[attempt["to_step"]] - course.elapsed[attempt["from_step"]])
            / self.bundles.speed_up(course, attempt["bundle_size"])
            for attempt in attempts
        )
        final = points[-1] if points and int(points[-1]["step"]) == course.steps else {}
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
            "final_target_value": number(final.get(self.target["metric"])),
            "final_quality": number(final.get(self.quality)),
        }

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

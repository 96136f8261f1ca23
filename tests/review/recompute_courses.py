"""What steps, stages and bundles take on a device; nothing of the product is imported."""

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np


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
        self.steps, self.device, self.training_samples = len(items), device, training_samples
        self.planned_parts = [
            (part, stage["steps"])
            for stage in self.stages
            for part in device.parts(stage["batch_size"])
        ]
        seconds = {size: device.step_s(size) for size in set(items)}
        self.elapsed = np.append(0.0, np.cumsum([seconds[size] for size in items]))
        self.samples = np.append(0, np.cumsum(items))

    def elapsed_after_leaving(self, step, other):
        """Seconds at each step boundary of a run that goes on with ``other`` after so many steps.

        It is taken up at the same sample: of its step there, only what was not yet seen.
        """
        seen = self.samples[step]
        left = [end - max(start, seen) for start, end in pairwise(other.samples) if end > seen]
        later = np.cumsum([self.device.step_s(int(items)) for items in left])
        return np.append(self.elapsed[: step + 1], self.elapsed[step] + later)

    def evaluations_to(self, step, every):
        """How many there are up to a step: one at the start, at every multiple, at the end."""
        amount, unit = float(every[:-2]), every[-2:]
        whole = {"ep": self.training_samples, "sp": 1}
        done = np.arange(self.steps + 1) if unit == "ba" else self.samples / whole[unit]
        due = {0, self.steps, *(np.flatnonzero(np.diff(np.floor(done / amount + 1e-9))) + 1)}
        return sum(at <= step for at in due)

    def samples_by_batch(self, step):
        """Batch size and samples of every stage up to a fractional step."""
        for stage in self.stages:
            done = min(max(step - stage["first_step"], 0.0), stage["steps"])
            yield stage["batch_size"], stage["samples"] * done / stage["steps"]

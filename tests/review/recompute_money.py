"""What an exported pilot's runs are worth, from its CSV files; nothing of the product is imported.

A training of production keeps the pilot's batches relative to today's and the samples of each
stage: its time is the sum over stages of samples times t(b)/B, with t(b) = half + b per device.
"""

import math

import numpy as np

FEWEST_PAIRS = 3
HOURS_PER_DAY = 24
SECONDS_PER_HOUR = 3600


class Pace:
    """Time of a race where the review prices it: in production, or on the pilot's own device."""

    def __init__(self, pilot):
        self.pilot = pilot
        self.production = pilot.settings.below("production")
        stages = pilot.courses[pilot.baseline].stages
        samples = sum(stage["samples"] for stage in stages)
        self.b0 = samples / sum(stage["samples"] / stage["batch_size"] for stage in stages)

    def number(self, name):
        return self.pilot.settings.number(f"production.{name}")

    def __call__(self, race):
        if not self.production:
            return (race["time_to_target_s"] or race["training_s"]) + race["evaluated_s"]
        device = self.pilot.device
        half = self.number("half_saturation_batch_size_per_device")
        half = device.t0 / device.per_sample if half is None else half
        most = self.number("maximum_batch_size_per_device") or math.inf
        total = 0.0
        course = self.pilot.courses[race["schedule"]]
        for batch, samples in course.samples_by_batch(race["step_to_target"] or race["steps"]):
            whole = batch / self.b0 * self.number("batch_size")
            each = whole / self.number("device_count")
            micro_batches = max(1, math.ceil(each / most - 1e-9))
            total += samples * (micro_batches * half + each) / whole
        return total


class Today:
    """One training today: its hours, its devices, and what an hour of one costs."""

    def __init__(self, pilot, pace):
        settings = pilot.settings
        rent = settings.below("price.rent_per_gpu_hour")
        self.price = exchanged(settings, float(rent["amount"]), rent["currency"])
        self.devices, self.overhead, self.hours = 1.0, 0.0, None
        baseline = pilot.arm(pilot.baseline).values()
        reached = sum(race["step_to_target"] is not None for race in baseline)
        if pace.production:
            self.devices, self.hours = pace.number("device_count"), pace.number("training_h")
            self.overhead = pace.number("overhead_fraction")
        elif reached and (settings["price.id"], settings["device_count"]) == ("this-computer", "1"):
            self.hours = sum(map(pace, baseline)) / reached / SECONDS_PER_HOUR

    def priced(self, ratio):
        """The same training in ``ratio`` of the time that a schedule can change."""
        hours = self.hours * ((1 - self.overhead) * ratio + self.overhead)
        return {
            "training_h": hours,
            "training_device_h": self.devices * hours,
            "training_cost": self.devices * hours * self.price,
        }


def time_ratio(candidate, baseline, pace):
    """Ratio of mean times on the seeds that both have; None without three pairs and successes."""
    seeds = [seed for seed in candidate if seed in baseline]
    arms = [[found[seed] for seed in seeds] for found in (candidate, baseline)]
    reached = [[race["step_to_target"] is not None for race in arm] for arm in arms]
    if len(seeds) < FEWEST_PAIRS or not all(map(any, reached)):
        return None
    times = [np.array([pace(race) for race in arm]) for arm in arms]
    if not all(map(all, reached)):
        ours, theirs = (found.sum() / sum(ok) for found, ok in zip(times, reached, strict=True))
        return float(ours / theirs)
    ours, theirs = map(np.log, times)
    correction = (ours.var(ddof=1) - theirs.var(ddof=1)) / 2
    return math.exp((ours - theirs).mean() + correction)


def exchanged(settings, amount, base):
    quote = settings["assumptions.currency"]
    if base == quote or not amount:
        return amount
    place = 0
    while rate := settings.below(f"assumptions.exchange_rates[{place}]"):
        if (rate["base"], rate["quote"]) == (base, quote):
            return amount * float(rate["rate"])
        if (rate["quote"], rate["base"]) == (base, quote):
            return amount / float(rate["rate"])
        place += 1
    raise LookupError(f"no rate from {base} to {quote}")


def outlay(assumed, today, pilot_cost):
    """Everything that is paid in month 0."""
    today_cost = today.price * today.devices * today.hours
    paid = assumed("adoption_engineer_h") * assumed("engineer_rate_per_h")
    paid += (assumed("retuning_trainings") + assumed("validation_trainings")) * today_cost
    paid += assumed("hardware_outlay")
    if assumed.settings["assumptions.count_sunk_pilot_cost"] == "True":
        paid += pilot_cost + assumed("pilot_engineer_h") * assumed("engineer_rate_per_h")
    return paid


def saved_per_training(assumed, today, training_h):
    saved_h = today.hours - training_h
    devices = today.devices * saved_h * today.price
    people = saved_h * assumed("attention_fraction") * assumed("realisation_fraction")
    earlier = saved_h / HOURS_PER_DAY * assumed("cost_of_delay_per_day")
    return devices + people * assumed("engineer_rate_per_h") + earlier


def monthly(assumed, paid, saved):
    """Flows of month 0 to the horizon."""
    months = np.arange(1, int(assumed("horizon_months")) + 1)
    ramp = np.minimum(1.0, months / max(1.0, assumed("ramp_months")))
    flows = np.append(-paid, assumed("trainings_per_month") * saved * ramp)
    flows[-1] += assumed("hardware_residual")
    return flows


def npv(flows, rate_per_year):
    return float((flows * (1 + rate_per_year) ** (-np.arange(len(flows)) / 12)).sum())


def payback(flows):
    """Month after which the running total stays at or above zero; None for never."""
    totals, moved = np.cumsum(flows), np.cumsum(np.abs(flows))
    below = np.flatnonzero(totals < -1e-12 * moved)
    if not len(below):
        return 0.0
    last = int(below[-1])
    return None if last == len(flows) - 1 else last - float(totals[last] / flows[last + 1])


class Assumed:
    """Assumptions by name."""

    def __init__(self, settings):
        self.settings = settings

    def __call__(self, name):
        return self.settings.number(f"assumptions.{name}")


def priced(pilot):
    """Money by schedule, as in schedules.csv, and the flows of those that have any."""
    pace, assumed = Pace(pilot), Assumed(pilot.settings)
    today, baseline = Today(pilot, pace), pilot.arm(pilot.baseline)
    rate = pilot.settings.number("pilot_rate_per_device_h.amount")
    pilot_cost = rate * sum(race["billed_s"] for race in pilot.races) / SECONDS_PER_HOUR
    table, flows_of = {}, {}
    for name in pilot.roles:
        hours = sum(race["billed_s"] for race in pilot.races if race["schedule"] == name)
        row = table[name] = {"pilot_device_h": hours / SECONDS_PER_HOUR}
        row["pilot_cost"] = rate * row["pilot_device_h"]
        ours = name == pilot.baseline
        ratio = 1.0 if ours else time_ratio(pilot.arm(name), baseline, pace)
        if today.hours is None or ratio is None:
            continue
        row |= today.priced(ratio)
        if ours:
            continue
        paid = outlay(assumed, today, pilot_cost)
        flows = monthly(assumed, paid, saved_per_training(assumed, today, row["training_h"]))
        row |= {"time_ratio": ratio, "investment": paid, "payback_months": payback(flows)}
        row["npv"] = npv(flows, assumed("discount_rate_per_year"))
        flows_of[name] = flows
    return table, flows_of

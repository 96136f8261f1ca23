"""How sure the comparison is: everything that the seeds say of every schedule, one row each."""

from backend.reports.csv_table import Table, table_of
from planner.inference.quality import QualityVerdict
from planner.inference.statistics import Interval
from planner.inference.success import SuccessCost, SuccessCostRatio
from planner.reviews.comparison import Comparison
from planner.reviews.measured import Measured
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview


def statistics_table(review: Review) -> Table:
    """One row a schedule; what compares it with the baseline is empty for the baseline itself."""
    rows = [_row(reviewed) for reviewed in review.schedules]
    return table_of("statistics", tuple(rows[0]), rows)


def _row(reviewed: ScheduleReview) -> dict[str, object]:
    compared, verdict = reviewed.comparison, reviewed.verdict
    return {
        "schedule": reviewed.schedule,
        "role": reviewed.role,
        **_measured(reviewed.measured),
        **_compared(compared),
        **_quality(compared.quality if compared else None),
        "look": verdict.look if verdict else None,
        "looks": verdict.looks if verdict else None,
        "required_probability": verdict.required_probability if verdict else None,
        "npv_positive_probability": verdict.npv_positive_probability if verdict else None,
        "payback_in_time_probability": verdict.payback_in_time_probability if verdict else None,
    }


def _measured(measured: Measured) -> dict[str, object]:
    interval = measured.time_to_target_s
    return {
        "runs": measured.runs,
        "reached": measured.reached,
        "hit_rate_low_fraction": measured.hit_rate_low_fraction,
        "hit_rate_high_fraction": measured.hit_rate_high_fraction,
        "median_time_to_target_s": measured.median_time_to_target_s,
        "restricted_mean_time_s": measured.restricted_mean_time_s,
        "budget_s": measured.budget_s,
        "mean_time_to_target_s": measured.mean_time_to_target_s,
        "olympic_mean_time_to_target_s": measured.olympic_mean_time_to_target_s,
        "time_to_target_sd_log": interval.sd_log if interval else None,
        **_limits("time_per_success", measured.time_per_success_s, unit="_s"),
    }


def _compared(found: Comparison | None) -> dict[str, object]:
    ratio = found.time_ratio if found else None
    return {
        "pairs": found.pairs if found else None,
        "censored_pairs": found.censored_pairs if found else None,
        **_limits("time_ratio", ratio),
        "time_ratio_sd_log": ratio.sd_log if ratio else None,
        **_limits("bootstrap_time_ratio", found.bootstrap_time_ratio if found else None),
        **_limits("mean_time_ratio", found.mean_time_ratio if found else None),
        "pairs_needed": found.pairs_needed if found else None,
        **_limits("cost_per_success_ratio", found.cost_per_success_ratio if found else None),
    }


def _quality(quality: QualityVerdict | None) -> dict[str, object]:
    return {
        "quality": quality.status if quality else None,
        "quality_difference_low": quality.low if quality else None,
        "quality_difference_mid": quality.mid if quality else None,
        "quality_difference_high": quality.high if quality else None,
        "quality_pairs": quality.n if quality else None,
        "quality_pairs_needed": quality.seeds_needed if quality else None,
    }


def _limits(
    name: str, found: Interval | SuccessCost | SuccessCostRatio | None, *, unit: str = ""
) -> dict[str, object]:
    return {
        f"{name}_low{unit}": found.low if found else None,
        f"{name}_mid{unit}": found.mid if found else None,
        f"{name}_high{unit}": found.high if found else None,
    }

from scipy import stats

from planner.reviews.unsettled import seeds_for_hit_rate
from tests.planner.reviews.test_verdict import hits, some_evidence


def test_more_runs_of_the_same_share_are_not_rounded_towards_a_decision():
    """8 of 10 on the limit of 0.8 are never told from it; on that of 0.7 they soon are."""
    on_the_limit = some_evidence(candidate_hits=hits(8, 10), baseline_hits=hits(10, 10))
    assert seeds_for_hit_rate(on_the_limit) is None
    close = some_evidence(candidate_hits=hits(8, 10), baseline_hits=hits(9, 10))
    # 0.7 is the limit: Beta(0.8 n + 1/2, 0.2 n + 1/2) has its 20 % point there from n = 16 on.
    assert stats.beta.ppf(0.2, 0.8 * 15 + 0.5, 0.2 * 15 + 0.5) < 0.7
    assert stats.beta.ppf(0.2, 0.8 * 16 + 0.5, 0.2 * 16 + 0.5) >= 0.7
    assert seeds_for_hit_rate(close) == 16 - 10

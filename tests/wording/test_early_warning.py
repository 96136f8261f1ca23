import pytest

from planner.measurements.early_warning import EarlyWarning
from wording.early_warning import warning_sentence


def a_warning(**changes):
    known = {
        "sign": "loss_average",
        "step": 1250,
        "since_step": 1250,
        "limit_ratio": 0.625,
        "stage": None,
        "tone": "caution",
    }
    return EarlyWarning(**known | changes)


def test_a_loss_average_on_its_way_up_is_told_with_step_and_share():
    sentence = warning_sentence(a_warning(), "en")
    assert sentence.startswith("Step 1,250: the running average of the loss rose 63% of the way")
    assert "It violates the decrease locally" in sentence
    assert "since" not in sentence


def test_it_says_since_when():
    assert warning_sentence(a_warning(since_step=900), "en").endswith("since step 900.")
    assert warning_sentence(a_warning(since_step=900), "ja").endswith(
        "ステップ900から続いています。"
    )


def test_a_stage_near_the_curvature_s_limit_is_told_with_its_ratio():
    found = a_warning(sign="curvature", stage=3, limit_ratio=0.951)
    assert "Stage 3, from step 1,250: the learning rate is 0.95 of the largest" in (
        warning_sentence(found, "en")
    )
    assert "上限の0.95倍" in warning_sentence(found, "ja")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sign", ["loss_average", "curvature"])
@pytest.mark.parametrize("tone", ["caution", "bad"])
def test_no_warning_claims_a_proof(language, sign, tone):
    sentence = warning_sentence(a_warning(sign=sign, tone=tone, stage=2), language)
    assert "prove" not in sentence
    assert "証明" not in sentence

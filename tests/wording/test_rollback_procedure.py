"""The procedure as a document: every fact of the pilot is in it, and no name can break it."""

import math
from dataclasses import replace

import pytest

from planner.pilots.target import Quality
from planner.reviews.rollback_procedure import (
    AlarmLevel,
    ReadySchedule,
    RollbackProcedure,
    StageToWatch,
)
from planner.reviews.seen_divergence import SeenDivergence
from wording.rollback_procedure import procedure_document

SEEN = SeenDivergence(
    schedule="growing",
    rate_multiplier=4.0,
    seed=1501,
    purpose="selection",
    step=1230,
    stage=2,
    to_step=980,
    rate_factor=0.5,
    follows=None,
)
PROCEDURE = RollbackProcedure(
    pilot="Digits",
    workload="digits-mlp",
    policy="roll_back",
    decision="adopt",
    baseline=ReadySchedule(
        schedule="today", rate_multiplier=1.0, learning_rate=0.01, batch_size=8, momentum=0.9
    ),
    recommended=ReadySchedule(
        schedule="growing", rate_multiplier=2.0, learning_rate=0.02, batch_size=8, momentum=0.9
    ),
    stages=(
        StageToWatch(
            stage=1,
            step=0,
            begins_fraction=0.0,
            time_fraction=0.6,
            batch_size=8,
            learning_rate=0.02,
            rate_ratio=1.0,
        ),
        StageToWatch(
            stage=2,
            step=980,
            begins_fraction=0.25,
            time_fraction=0.4,
            batch_size=16,
            learning_rate=0.028,
            rate_ratio=1.4,
        ),
    ),
    guessing_loss=math.log(10),
    classes=10,
    average_kept_fraction=0.98,
    guessing_share_fraction=0.3,
    margin=0.05,
    warm_up_steps=60,
    levels=(AlarmLevel(best=0.0, warning=0.37, limit=0.741),),
    rate_kept_factor=0.5,
    most_rollbacks=2,
    quality=Quality(metric="validation_accuracy", tolerance=0.01),
    runs=5,
    unhealthy_runs=0,
    healthy_low_fraction=0.549,
    divergences=(SEEN,),
)


def test_the_document_is_filled_with_the_pilot_s_facts():
    text = procedure_document(PROCEDURE, "en")
    assert text.startswith('# Rolling back "growing" in production\n')
    assert "| returned to | today | 1× | 0.01 | 8 | 0.9 |" in text
    assert "`best + 0.3 (guessing - best) + 0.05`, after the first 60 steps" in text
    assert "`guessing` is 2.30 (ln 10, for its 10 classes)" in text
    assert "| 0 | 0.370 | 0.741 |" in text
    assert "| 2 | 25.0% | 980 | 16 | 0.028 | 1.40× | rises | 40% |" in text
    assert "| growing | 4× | 1501 | 1,230 | 2 | back to step 980, on with 50% of the rate |" in text
    assert "at least 55% of runs stay healthy" in text
    assert "Multiply the learning rate by 50%" in text
    assert "at most 2 times in all" in text
    assert "final validation accuracy worse than under the baseline by more than 1.0 points" in text
    assert "The longest stage takes 60%" in text


def test_the_japanese_document_has_the_same_numbers_and_tables():
    english, japanese = (procedure_document(PROCEDURE, language) for language in ("en", "ja"))
    assert japanese.count("|") == english.count("|")
    assert japanese.count("\n## ") == english.count("\n## ") == 7
    assert "| 2 | 25.0% | 980 | 16 | 0.028 | 1.40倍 | 上がる | 40% |" in japanese
    assert "ln 10、10クラス" in japanese


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("decision", ["adopt", "extend", "do_not_adopt"])
@pytest.mark.parametrize("policy", ["stop", "roll_back", "fall_back"])
def test_it_can_be_written_for_every_verdict_and_policy(language, decision, policy):
    bare = replace(
        PROCEDURE,
        decision=decision,
        policy=policy,
        guessing_loss=None,
        classes=None,
        levels=(),
        quality=None,
        runs=0,
        healthy_low_fraction=None,
        divergences=(),
    )
    assert "{" not in procedure_document(bare, language)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"to_step": None}, "the run ended there"),
        ({"follows": "today", "rate_factor": 1.0}, 'back to step 980, on with "today"'),
        ({"stage": None}, "| none |"),
    ],
)
def test_what_became_of_a_run_is_told(changes, told):
    seen = (replace(SEEN, **changes),)
    assert told in procedure_document(replace(PROCEDURE, divergences=seen), "en")


def test_a_name_is_text_whatever_is_in_it():
    odd = "a|b\n# <script> [x](y) `c` *d*"
    named = replace(PROCEDURE, recommended=replace(PROCEDURE.recommended, schedule=odd))
    text = procedure_document(named, "en")
    first = text.splitlines()[0]
    assert r"a\|b \# \<script\> \[x\]\(y\) \`c\` \*d\*" in first
    assert text.count("|") - text.count(r"\|") == procedure_document(PROCEDURE, "en").count("|")

"""A sign that a run may leave the healthy range, in words that claim no more than was read."""

from planner.measurements.early_warning import EarlyWarning
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent, significant
from wording.sentences import together

RATIO_FIGURES = 2


def warning_sentence(warning: EarlyWarning, language: Language) -> str:
    """What was read, at which step, and since when."""
    sentence = say(
        f"early_warning.{warning.sign}_{warning.tone}",
        language,
        step=number(warning.step, language),
        share=percent(warning.limit_ratio, language),
        ratio=significant(warning.limit_ratio, language, RATIO_FIGURES),
        stage=warning.stage or "",
    )
    if warning.since_step == warning.step:
        return sentence
    since = say("early_warning.since", language, step=number(warning.since_step, language))
    return together((sentence, since))

"""Where a pilot stands, in words."""

from planner.pilots.pilot import PilotPhase
from wording.catalogue import say
from wording.language import Language

_OVER = ("done", "cancelled")


def stands_at_cap(phase: PilotPhase, *, cap_reached: bool) -> bool:
    """Whether a cap stops work that there still is; one that is over has none."""
    return cap_reached and phase not in _OVER


def phase_words(phase: PilotPhase, language: Language, *, cap_reached: bool) -> str:
    """What a pilot does at present, or that a cap stopped it."""
    if stands_at_cap(phase, cap_reached=cap_reached):
        return say("pilot_phase.at_cap", language)
    return say(f"pilot_phase.{phase}", language)

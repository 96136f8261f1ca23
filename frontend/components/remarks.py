"""What is said beside a field: why it is refused, or what was probably not meant."""

from frontend.components.markup import element, text
from frontend.planning.form import Remark, as_typed
from wording.catalogue import say
from wording.language import Language
from wording.numbers import significant


def remark_sentence(remark: Remark, language: Language) -> str:
    """What is wrong, or probably not meant; numbers that are not counts have three figures."""
    prefix = "refusal" if remark.refused else "warning"
    params = {
        name: significant(value, language) if isinstance(value, float) else value
        for name, value in as_typed(remark).items()
    }
    return say(f"{prefix}.{remark.code}", language, **params)


def remark_markup(remark: Remark, language: Language) -> str:
    """A sentence beside a field."""
    kind = "refused" if remark.refused else "warning"
    return element("p", text(remark_sentence(remark, language)), class_=f"pb-remark pb-{kind}")

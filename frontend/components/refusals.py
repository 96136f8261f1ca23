"""What the API refused, as sentences on the page."""

import re
from collections.abc import Mapping

from frontend.calls.api import ApiRefused
from frontend.components.markup import element, show, text
from frontend.session import Session
from wording.refusals import refusal_line


def show_refusal(
    session: Session, error: ApiRefused, labels: Mapping[str, str] | None = None
) -> None:
    """The sentences of a refusal, each behind the label of its field."""
    for problem in error.problems:
        parts = reversed(re.split(r"[.\[\]]+", problem.field))
        label = next((labels[part] for part in parts if labels and part in labels), "")
        sentence = refusal_line(label, problem.code, session.language, problem.params)
        show(element("p", text(sentence), class_="pb-remark pb-refused"))

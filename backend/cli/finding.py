"""One line of what ``paybatch doctor`` reports."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report.

    Attributes:
        key: Message ``doctor.<key>.<outcome>``.
        outcome: ``problem``, or how it is well.
        params: Values for the message.
    """

    key: str
    outcome: str
    params: dict[str, str | float] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """Whether nothing needs to be done."""
        return self.outcome != "problem"

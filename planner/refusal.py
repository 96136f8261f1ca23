"""The one way a value says no to its input."""


class Refusal(ValueError):
    """Input that cannot be accepted, named by field and message key.

    Attributes:
        field: Dotted path of the refused field, relative to the value that refuses.
        code: Message key below ``refusal.`` in the wording catalogues.
        params: Values for the message's placeholders.
    """

    def __init__(self, field: str, code: str, **params: str | float) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
        self.params = params


def require(condition: bool, field: str, code: str, **params: str | float) -> None:
    """Raises a Refusal for ``field`` unless ``condition`` holds.

    Write conditions so that NaN fails them: ``require(x > 0, ...)``.
    """
    if not condition:
        raise Refusal(field, code, **params)

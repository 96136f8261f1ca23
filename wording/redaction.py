"""What nobody may read in a log, whoever wrote the line: secrets, by shape and by value."""

import re
from collections.abc import Callable, Collection

HIDDEN = "[hidden]"

_SHAPES = (
    # Tokens, codes and sessions of ours, and the secret of the webhook.
    (re.compile(r"\bpb(?:wh)?_[A-Za-z0-9_-]{20,}"), HIDDEN),
    # Signed tokens, such as those of a sign-in provider.
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), HIDDEN),
    # Whatever follows the names that libraries give to credentials.
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{16,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"(?i)(\b(?:token|access_token|id_token|client_secret|password|paybatch_session)=)"
            r"[^\s&;,'\"]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)(\b(?:code|state|nonce)=)[^\s&;,'\"]{12,}"), rf"\1{HIDDEN}"),
    # The password in an address.
    (re.compile(r"(://[^\s:/@]*:)[^\s/@]+(@)"), rf"\1{HIDDEN}\2"),
)

SHORTEST = 8
"""Characters below which a value is a word that lines may hold by chance."""


def redacted(text: str) -> str:
    """The text without anything that has the shape of a secret."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def redaction_of(secrets: Collection[str | None]) -> Callable[[str], str]:
    """Like `redacted`, and these values go whatever their shape is."""
    known = sorted({one for one in secrets if one and len(one) >= SHORTEST}, key=len, reverse=True)

    def clean(text: str) -> str:
        for secret in known:
            text = text.replace(secret, HIDDEN)
        return redacted(text)

    return clean

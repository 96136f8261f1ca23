"""Why somebody who came back from the provider is not let in."""

from typing import Literal

Reason = Literal[
    "state_wrong",
    "state_used",
    "provider_said_no",
    "provider_unreachable",
    "code_refused",
    "token_missing",
    "token_unreadable",
    "algorithm_refused",
    "key_unknown",
    "signature_wrong",
    "issuer_wrong",
    "audience_wrong",
    "party_wrong",
    "nonce_wrong",
    "expired",
    "not_yet_valid",
    "issued_in_the_future",
    "subject_missing",
    "role_missing",
]


class SignInRefused(Exception):
    """What came back from the provider lets nobody in.

    Attributes:
        reason: As the audit trail keeps it.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason

"""One installation, as one person may use it."""

import os
from types import TracebackType
from typing import Self

from paybatch.connection import Connection
from paybatch.found_here import address_here, token_for
from paybatch.pilots import Pilots
from paybatch.production import ProductionResults
from paybatch.results import Results

PATIENCE_S = 10.0


class Paybatch(Pilots, Results, ProductionResults):
    """One installation, as one person may use it; close it, or use it in a ``with`` block."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: Of the API; without it ``PAYBATCH_URL``, else this computer's.
            token: Of the person; without it ``PAYBATCH_TOKEN``, else the owner's from the folder
                that ``PAYBATCH_DATA_DIR`` names, which is sent to this computer only.
            patience_s: Seconds for which a lost connection is tried again, where a request may be
                sent twice; every method that creates something is safe by a key of its own.

        Raises:
            Refused: No token is known here.
        """
        target = url or address_here(os.environ)
        self.connection = Connection(
            target, token or token_for(target, os.environ), patience_s=patience_s
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()

"""Requests that schemathesis makes of the API's own description, and what it found wrong."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.engine import Status, events, from_schema
from schemathesis.schemas import BaseSchema

SPARED = {"POST /api/tokens/{token_id}:revoke", "POST /api/sign-out"}
"""What takes its own credential from the one that asks; it is asked last."""

ALSO_REJECTED = ("400", "401", "403", "404", "405", "409", "411", "413", "414", "415", "422", "503")
"""Answers to what the description does not allow: an address may be too long as a whole."""

ALSO_ACCEPTABLE = ("2xx", "3xx", "401", "403", "404", "409", "415", "422", "503")
"""Answers to what the description allows: sums and orders of fields are beyond a JSON schema."""


@dataclass
class Found:
    """What a run of schemathesis saw."""

    operations: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def examples(self) -> int:
        return self.statuses.total()

    def note(self, event: events.EngineEvent) -> None:
        """Takes in what happened."""
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            told = getattr(event, "value", None) or getattr(event, "exception", None)
            self.failures.append(f"schemathesis: {told!r}")
        if not isinstance(event, events.ScenarioFinished):
            return
        for case_id, exchange in event.recorder.interactions.items():
            case = event.recorder.cases[case_id].value
            self.operations.add(case.operation.label)
            if exchange.response is not None:
                self.statuses[exchange.response.status_code] += 1
            for check in event.recorder.checks.get(case_id, ()):
                if check.status == Status.FAILURE and not self._was_put_right(case, check.name):
                    told = f"{check.name} of {case.as_curl_command()}: {check.failure_info}"
                    self.failures.append(told)

    def _was_put_right(self, case: Any, check: str) -> bool:
        """Whether all that was wrong with a request is a place of which a known value was sent."""
        alone = not case.query and isinstance(case.body, NotSet)
        places = dict(case.path_parameters or {})
        known = all(str(places[name]) == self.known.get(name) for name in places)
        return check == "negative_data_rejection" and alone and bool(places) and known


def asked(
    url: str,
    document: Mapping[str, Any],
    *,
    token: str | None,
    seed: int,
    examples: int,
    known: Mapping[str, str] | None = None,
    thorough: Collection[str] = (),
) -> Found:
    """Asks every operation, and those that need care last.

    Args:
        url: Of a running API.
        document: Its OpenAPI description.
        token: None sends no credential.
        seed: Repeats what chance chose.
        examples: Random requests of each operation.
        known: Values of path parameters that exist, sent nine times in ten.
        thorough: Operations whose every field is also driven to each of its edges.
    """
    found = Found(known=known or {})

    def run(schema: BaseSchema) -> None:
        for event in from_schema(schema).execute():
            found.note(event)

    how = {"token": token, "seed": seed, "examples": examples, "known": known or {}}
    everything = _schema(url, document, phases=("fuzzing", "stateful"), **how)
    run(everything.exclude(_is_one_of(SPARED)))
    if thorough:
        run(_schema(url, document, phases=("coverage",), **how).include(_is_one_of(thorough)))
    run(_schema(url, document, phases=("fuzzing",), **how).include(_is_one_of(SPARED)))
    return found


def _is_one_of(labels: Collection[str]) -> Any:
    return lambda context: context.operation.label in labels


def _schema(
    url: str,
    document: Mapping[str, Any],
    *,
    phases: Collection[str],
    token: str | None,
    seed: int,
    examples: int,
    known: Mapping[str, str],
) -> BaseSchema:
    every = ("examples", "coverage", "fuzzing", "stateful")
    bindings = {name: {"dictionary": name, "probability": 0.9} for name in known}
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": url,
            "cache": {"enabled": False},
            "continue-on-failure": True,
            "request-timeout": 60,
            "headers": {} if token is None else {"Authorization": f"Bearer {token}"},
            "dictionaries": {name: {"values": [value]} for name, value in known.items()},
            "parameters": bindings,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": list(ALSO_ACCEPTABLE)},
                "negative_data_rejection": {"expected-statuses": list(ALSO_REJECTED)},
            },
            "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
            "phases": {name: {"enabled": name in phases} for name in every},
        }
    )
    return schemathesis.openapi.from_dict(dict(document), config=config)

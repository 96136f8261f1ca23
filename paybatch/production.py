"""Production trainings after a sign-off: entered one by one, or taken from files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

from paybatch.asking import Asking, address_of
from paybatch.packed import as_file
from paybatch.refused import Problem, Refused
from planner.decisions.production_result import ProductionResult
from planner.decisions.results_mapping import ResultsMapping
from planner.exchange.decisions import Adoption, DecisionTerms
from planner.exchange.imports import AT_WORK, ImportState
from planner.exchange.production_files import FileWithdrawal, ResultsPreview, ResultsStored

LOOKS_EVERY_S = 0.25

MappingGiven = ResultsMapping | Mapping[str, Any]
"""What a file says, or what a mapping file holds: the installation says what is wrong with it."""


class ProductionResults(Asking):
    """What production made of a decision."""

    def adoption(self, pilot_id: str) -> Adoption:
        """Where the decision on a pilot stands, realised against promised included."""
        path = f"{address_of('pilots', pilot_id)}/adoption:compute"
        return self._asked(Adoption, path, DecisionTerms())

    def enter_result(self, pilot_id: str, result: ProductionResult) -> Adoption:
        """Stores a production training."""
        return self._made(Adoption, f"{address_of('pilots', pilot_id)}/production-results", result)

    def withdraw_result(self, result_id: str, *, reason: str) -> Adoption:
        """Lets a production training count no longer."""
        return self._ordered(
            Adoption, f"{address_of('production-results', result_id)}:withdraw", reason
        )

    def preview_results(
        self, pilot_id: str, file: Path | str, mapping: MappingGiven
    ) -> ResultsPreview:
        """What a file or folder of production trainings would add, row by row; nothing is stored.

        Raises:
            Refused: It cannot be read, or not under this mapping.
        """
        path = f"{address_of('pilots', pilot_id)}/production-results:preview"
        with self._brought(Path(file)) as state:
            order = {"import_id": state.id, "mapping": mapping}
            return self._asked(ResultsPreview, path, order)

    def import_results(
        self, pilot_id: str, file: Path | str, mapping: MappingGiven
    ) -> ResultsStored:
        """Stores the production trainings of a file or folder, all of them or none.

        The same file again adds nothing: its trainings are known.

        Raises:
            Refused: One of them cannot be taken; `problems` names each.
        """
        path = f"{address_of('pilots', pilot_id)}/production-results:import"
        with self._brought(Path(file)) as state:
            order = {"import_id": state.id, "mapping": mapping}
            return self._made(ResultsStored, path, order)

    def withdraw_results(self, pilot_id: str, sha256: str, *, reason: str) -> Adoption:
        """Lets all trainings of a file count no longer; `ResultsStored` has its hash."""
        path = f"{address_of('pilots', pilot_id)}/production-results:withdraw-file"
        order = FileWithdrawal(sha256=sha256, reason=reason)
        return self.connection.send(Adoption, "POST", path, body=order)

    @contextmanager
    def _brought(self, file: Path) -> Iterator[ImportState]:
        """A file that the installation has looked at; it does not stay there."""
        if not file.exists():
            raise Refused(None, "", (Problem(field="file", code="file_not_found"),))
        file = file.resolve() if file.is_dir() else file  # "." has a name, too
        with as_file(file) as packed:
            named = {"file_name": file.name}
            state = self.connection.send_file(ImportState, "/api/imports", packed, params=named)
        try:
            while state.phase in AT_WORK:
                Event().wait(LOOKS_EVERY_S)
                path = address_of("imports", state.id)
                state = self.connection.send(ImportState, "GET", path)
            if state.refusal is not None:
                told = state.refusal
                wrong = Problem(field=told.field, code=told.code, params=dict(told.params))
                raise Refused(None, "", (wrong,))
            yield state
        finally:
            with suppress(Refused):  # it is gone once its trainings are stored
                self.connection.send(ImportState, "DELETE", address_of("imports", state.id))

"""The thread that looks at, reads and stores files of runs that were measured elsewhere."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from uuid import uuid4

from sqlalchemy.orm import Session

from backend.access.security import Principal
from backend.disk.uploads import Uploads
from backend.imports import reading
from backend.repositories import imports
from backend.services import audit, imported_rows
from backend.services.import_preview import read_of, schedules_of
from backend.tables import ImportRow, PilotRow
from backend.threads.ordered import Ordered
from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation, UnitOfWork
from backend.wire.codec import decode, encode
from planner.exchange.imports import AT_WORK, ImportPhase, ImportRefusal
from planner.imports.imported_pilot import ImportedPilot, imported_pilot
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from planner.refusal import Refusal

LOG = logging.getLogger(__name__)

LOOKS_EVERY_S = 30.0
"""Where nothing was ordered: what somebody orders wakes it up."""

SWEEPS_EVERY_S = 3600.0

IDLE_S = 24 * 3600.0
"""After so long a file that nobody goes on with is thrown away."""

READ_SHARE = 0.7
"""Of the work of an import that is stored, the rest is writing."""

BACK: dict[str, ImportPhase] = {"looking": "failed", "reading": "mapping", "storing": "terms"}
"""Where an import is asked again what was refused; a file that nobody can read is over."""


class Stopped(Exception):
    """The API stops: what it is at is begun again at its next start."""


class Importer(Periodic):
    """One import at a time, beside all requests; what it holds of the database, it holds briefly.

    A pilot is visible when the last of its portions is stored. What an API that ended left behind
    is swept first, and its import begun again.
    """

    def __init__(self, installation: Installation) -> None:
        super().__init__("importer", every_s=LOOKS_EVERY_S)
        self._installation = installation
        self._ordered = Ordered(ImportRow.__tablename__)
        installation.database.watch(self._ordered)
        self._uploads = Uploads(installation.settings.data_dir)
        self._swept_at_s = -math.inf

    def rest(self) -> bool:
        """Waits until an import changes, and not for long where nobody told that one did."""
        self._ordered.wait(self.every_s)
        return self.stopped.is_set()

    def stop(self) -> None:
        """Wakes it up to end."""
        self.stopped.set()
        self._ordered.wake()
        super().stop()

    def look(self) -> None:
        """Does whatever imports wait for."""
        if time.monotonic() - self._swept_at_s >= SWEEPS_EVERY_S:
            self._sweep()
            self._throw_idle_away()
            self._swept_at_s = time.monotonic()
        with self._installation.database.read() as session:
            waiting = imports.at_work(session)
        for import_id in waiting:
            if self.stopped.is_set():
                return
            self._go_on(import_id)

    def _go_on(self, import_id: str) -> None:
        with self._installation.database.read() as session:
            row = imports.find(session, import_id)
        if row is None:
            return
        steps: dict[str, Callable[[ImportRow], None]] = {
            "looking": self._look_at,
            "reading": self._read,
            "storing": self._store,
        }
        self._installation.progress[import_id] = 0.0
        try:
            steps[row.phase](row)
        except Stopped:
            return
        except Refusal as refusal:
            self._refuse(row, refusal, BACK[row.phase])
        except Exception:  # outermost for this import: the others go on
            LOG.exception("import %s failed", import_id)
            self._sweep()
            self._refuse(row, Refusal("file", "import_failed"), "failed")
        finally:
            self._installation.progress.pop(import_id, None)

    def _look_at(self, row: ImportRow) -> None:
        found = reading.look(
            self._uploads.path_of(row.id),
            progress=partial(self._progress, row.id, 1.0),
            name=row.file_name,
        )
        with self._writing(row) as (_, stored):
            stored.found, stored.phase = encode(found), "mapping"

    def _read(self, row: ImportRow) -> None:
        mapping = decode(ColumnMapping, row.mapping)
        found = read_of(
            reading.read(
                self._uploads.path_of(row.id),
                mapping,
                partial(self._progress, row.id, 1.0),
                name=row.file_name,
            ),
            training_samples=mapping.training_samples,
        )
        with self._writing(row) as (_, stored):
            stored.read, stored.phase = encode(found), "terms"

    def _store(self, row: ImportRow) -> None:
        found = self._pilot(row)
        run_ids = [uuid4().hex for _ in found.runs]
        with self._writing(row) as (work, _):
            pilot_id = imported_rows.hide(work, found, run_ids)
        self._store_series(row, found, run_ids)
        with self._writing(row) as (work, stored):
            self._show(work.session, pilot_id, stored)
        self._uploads.remove(row.id)

    def _pilot(self, row: ImportRow) -> ImportedPilot:
        mapping, terms = decode(ColumnMapping, row.mapping), decode(ImportTerms, row.terms)
        runs = list(
            reading.read(
                self._uploads.path_of(row.id),
                mapping,
                partial(self._progress, row.id, READ_SHARE),
                name=row.file_name,
            )
        )
        return imported_pilot(
            runs,
            terms,
            schedules_of(runs, training_samples=terms.training_samples),
            file_name=row.file_name,
            sha256=row.sha256,
        )

    def _store_series(self, row: ImportRow, found: ImportedPilot, run_ids: list[str]) -> None:
        """Portions of a few megabytes: between two of them others write."""
        for place, (run_id, run) in enumerate(zip(run_ids, found.runs, strict=True), start=1):
            chunks = imported_rows.chunks_of(run_id, run)
            while portion := list(islice(chunks, imports.CHUNKS_AT_ONCE)):
                self._go_on_looking()
                with self._installation.database.write() as session, session.begin():
                    imports.add_chunks(session, portion)
            written = READ_SHARE + (1 - READ_SHARE) * place / len(run_ids)
            self._installation.progress[row.id] = written

    def _show(self, session: Session, pilot_id: str, stored: ImportRow) -> None:
        pilot = session.get_one(PilotRow, pilot_id)
        pilot.hidden = False
        stored.pilot_id, stored.phase = pilot_id, "done"
        told = {"import": stored.id, "sha256": stored.sha256, "file_name": stored.file_name}
        audit.record(self._work(session, self.name), "pilot.import", pilot_id, None, told)

    def _refuse(self, row: ImportRow, refusal: Refusal, phase: ImportPhase) -> None:
        told = ImportRefusal(
            field=refusal.field,
            code=refusal.code,
            params={name: str(value) for name, value in refusal.params.items()},
        )
        with self._writing(row) as (_, stored):
            stored.refusal, stored.phase = encode(told), phase

    def _sweep(self) -> None:
        """Removes what a broken import left: hidden pilots, and files that nobody asks for."""
        database = self._installation.database
        with database.read() as session:
            hidden, known = imports.hidden(session), imports.known(session)
            done = imports.done(session)
        for pilot_id in hidden:
            left = True
            while left:
                with database.write() as session, session.begin():
                    left = imports.sweep(session, pilot_id)
        kept = set(self._uploads.kept())
        for upload_id in kept & done | set(self._uploads.old()) - known:
            self._uploads.remove(upload_id)

    def _throw_idle_away(self) -> None:
        """Ends imports that wait for somebody for a day, each with its file."""
        with self._installation.database.read() as session:
            asked = imports.asked(session)
        for import_id in asked:
            if self._uploads.age_s(import_id) < IDLE_S:
                continue
            with self._installation.database.write() as session, session.begin():
                row = imports.find(session, import_id)
                if row is None or row.phase in AT_WORK:
                    continue
                told = {"file_name": row.file_name}
                audit.record(self._work(session, self.name), "import.discard", row.id, told, None)
                imports.remove(session, row)
            self._uploads.remove(import_id)

    def _progress(self, import_id: str, share: float, done: int, whole: int) -> None:
        self._installation.progress[import_id] = share * done / max(whole, 1)
        self._go_on_looking()

    def _go_on_looking(self) -> None:
        """Says that a long look goes on.

        Raises:
            Stopped: It should not.
        """
        if self.stopped.is_set():
            raise Stopped
        self.still_looks()

    @contextmanager
    def _writing(self, row: ImportRow) -> Iterator[tuple[UnitOfWork, ImportRow]]:
        """One short transaction in the name of whoever brought the file."""
        with self._installation.database.write() as session, session.begin():
            stored = session.get_one(ImportRow, row.id)
            yield self._work(session, row.created_by), stored

    def _work(self, session: Session, who: str) -> UnitOfWork:
        return UnitOfWork(
            session=session,
            installation=self._installation,
            principal=Principal(name=who, scope="planner"),
            now=self._installation.clock.now(),
        )

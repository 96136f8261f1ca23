"""What follows from measured runs: reviews, projections and files."""

import re
from pathlib import Path

from paybatch.asking import Asking, address_of
from planner.economics.assumptions import Assumptions, Production
from planner.exchange.report_files import ReportFormat, ReportLanguage, ReportOrder, ReportState
from planner.exchange.states import PilotState
from planner.exports.export_request import ExportedFile, ExportForm, ExportRequest
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import WhatIf
from planner.reviews.review import Review
from planner.reviews.review_input import ComparedHardware, ReviewRequest

_FILE_NAME = re.compile(r'filename="([^"]+)"')


class Results(Asking):
    """What is done with what a pilot measured."""

    def review(
        self,
        pilot_id: str,
        *,
        hardware: HardwareChoice | None = None,
        production: Production | None = None,
        assumptions: Assumptions | None = None,
        pilot_rate_per_device_h: Money | None = None,
        compared_hardware: tuple[ComparedHardware, ...] = (),
        price_day: str | None = None,
    ) -> Review:
        """The review of a pilot; whatever is None is as the pilot says. Nothing is stored."""
        request = ReviewRequest(
            pilot_id=pilot_id,
            hardware=hardware,
            production=production,
            assumptions=assumptions,
            pilot_rate_per_device_h=pilot_rate_per_device_h,
            compared_hardware=compared_hardware,
            price_day=price_day,
        )
        return self._asked(Review, "/api/reviews:compute", request)

    def what_if(self, request: WhatIfRequest) -> WhatIf:
        """Other hardware and other numbers of devices, projected; nothing is stored."""
        return self._asked(WhatIf, "/api/projections:compute", request)

    def report(
        self,
        pilot_id: str,
        form: ReportFormat,
        folder: Path | str = ".",
        *,
        language: ReportLanguage = "en",
        schedule: str | None = None,
        review: ReviewRequest | None = None,
    ) -> Path:
        """Has a report made and kept, and writes its file.

        Args:
            pilot_id: Of what.
            form: Kind of file.
            folder: Where it is written; made where it is missing.
            language: Of its words.
            schedule: Candidate instead of the one of the verdict.
            review: What differs from the pilot's own terms.

        Returns:
            The file.
        """
        order = ReportOrder(format=form, language=language, schedule=schedule, review=review)
        made = self.make_report(pilot_id, order)
        path = Path(folder) / Path(made.file_name).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.report_file(made.number))
        return path

    def make_report(self, pilot_id: str, order: ReportOrder) -> ReportState:
        """Has a report made and kept; a repeated call makes another one."""
        return self._made(ReportState, f"{address_of('pilots', pilot_id)}/reports", order)

    def report_file(self, number: int) -> bytes:
        """The file of a report, as it was made."""
        return self.connection.answer("GET", f"/api/reports/{number}/file").content

    def export_schedule(
        self, pilot_id: str, schedule: str, to: ExportForm, *, sequence_length: int | None = None
    ) -> ExportedFile:
        """A pilot's schedule as code for a trainer, at the learning rates that were selected.

        Raises:
            KeyError: The pilot has no such schedule.
        """
        state = self.connection.send(PilotState, "GET", address_of("pilots", pilot_id))
        named = {one.name: one for one in state.pilot.schedules}
        request = ExportRequest(
            schedule=named[schedule],
            to=to,
            epochs=state.pilot.budget.epochs,
            workload=state.pilot.workload,
            momentum_form=state.pilot.momentum_form,
            rate_multiplier=state.selected.get(schedule, 1.0),
            sequence_length=sequence_length,
        )
        return self.schedule_file(request)

    def schedule_file(self, request: ExportRequest) -> ExportedFile:
        """Any schedule as code for a trainer, or as a file that is read back."""
        answer = self.connection.answer("POST", "/api/schedules:export", body=request, again=True)
        named = _FILE_NAME.search(answer.headers["Content-Disposition"])
        return ExportedFile(
            name="schedule" if named is None else Path(named[1]).name,
            media_type=answer.headers["Content-Type"],
            text=answer.content.decode(),
        )

"""Schedules by themselves."""

from fastapi import Response

from backend.documents.schedule_file import MEDIA_TYPES, ImportRequest, ScheduleFile, read_back
from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.services import schedule_exports
from planner.exports.export_request import ExportRequest

router = guarded(tags=["schedules"])

_TEXT = {"schema": {"type": "string"}}
_FILE = {
    "content": dict.fromkeys(MEDIA_TYPES, _TEXT),
    "description": "The file.",
}


@router.post("/schedules:export", response_class=Response, responses={200: _FILE})
def export_schedule(body: ExportRequest, work: Reading) -> Response:
    """A schedule as code for a trainer, or as a file to read back; nothing is stored.

    The name of the file is in ``Content-Disposition``.
    """
    file = schedule_exports.export(work, body)
    return Response(
        file.text.encode(),
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@router.post("/schedules:import")
def import_schedules(body: ImportRequest) -> ScheduleFile:
    """Schedules read back from a file that was taken home, or from Megatron's flags."""
    return read_back(body)

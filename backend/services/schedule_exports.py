"""Schedules that are taken home."""

from backend.documents.schedule_file import exported
from backend.services import catalogue
from backend.unit_of_work import UnitOfWork
from planner.exports.export_request import ExportedFile, ExportRequest
from planner.refusal import Refusal, require


def export(work: UnitOfWork, request: ExportRequest) -> ExportedFile:
    """One schedule as a file; nothing is stored.

    Raises:
        Refusal: Its data are not known, it cannot be run, or not by that trainer.
    """
    if request.training_samples is not None:
        return exported(request, training_samples=request.training_samples)
    require(request.workload is not None, "training_samples", "missing")
    name = str(request.workload)
    workload = catalogue.known(work).get(name)
    if workload is None:
        raise Refusal("workload", "workload_unknown", workload=name)
    return exported(request, training_samples=workload.training_samples)

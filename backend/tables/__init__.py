"""Every table of the database, as typed classes; constraints have names so that they can change."""

from backend.tables.access import AuditRow, IdempotencyRow, PersonRow, SignInRow, TokenRow
from backend.tables.base import Base, Json, UtcDateTime
from backend.tables.decisions import DecisionRow, MonthCapRow, ProductionResultRow, SnapshotRow
from backend.tables.imports import ImportRow
from backend.tables.notifications import (
    DeliveryRow,
    NotificationReaderRow,
    NotificationRow,
    WebhookRow,
)
from backend.tables.pilots import DraftRow, PilotRow
from backend.tables.prices import ExchangeRateRow, FacilityRow, PriceRow
from backend.tables.reports import ReportFileRow, ReportRow
from backend.tables.runs import AttemptRow, CheckpointRow, ChunkRow, LogRow, RunRow
from backend.tables.views import ViewRow
from backend.tables.workers import (
    ClaimRow,
    ScalingRow,
    ThroughputRow,
    WorkerRow,
    WorkloadRow,
)

__all__ = [
    "AttemptRow",
    "AuditRow",
    "Base",
    "CheckpointRow",
    "ChunkRow",
    "ClaimRow",
    "DecisionRow",
    "DeliveryRow",
    "DraftRow",
    "ExchangeRateRow",
    "FacilityRow",
    "IdempotencyRow",
    "ImportRow",
    "Json",
    "LogRow",
    "MonthCapRow",
    "NotificationReaderRow",
    "NotificationRow",
    "PersonRow",
    "PilotRow",
    "PriceRow",
    "ProductionResultRow",
    "ReportFileRow",
    "ReportRow",
    "RunRow",
    "ScalingRow",
    "SignInRow",
    "SnapshotRow",
    "ThroughputRow",
    "TokenRow",
    "UtcDateTime",
    "ViewRow",
    "WebhookRow",
    "WorkerRow",
    "WorkloadRow",
]

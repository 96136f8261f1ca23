"""What probes tell: the throughput curve of a device, and how several devices scale."""

from backend.repositories import probed
from backend.services import attempts, phases
from backend.tables import PilotRow, ScalingRow, ThroughputRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from backend.wire.problems import conflict
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.refusal import require


def throughput(work: UnitOfWork, run_id: str, number: int, curve: ThroughputCurve) -> None:
    """Stores what a probe measured; the pilot moves on when the probe finishes.

    Raises:
        RequestError: The attempt is fenced, or is no probe.
        Refusal: It is of something else than its pilot.
    """
    pilot = _pilot_of(work, run_id, number, curve)
    pilot.throughput = encode(curve)
    probed.save(
        work.session,
        ThroughputRow(
            workload=curve.workload,
            device=curve.device,
            curve=encode(curve),
            dtype=curve.dtype,
            versions=curve.versions,
            measured_at=work.now,
            run_id=run_id,
        ),
    )


def scaling(work: UnitOfWork, run_id: str, number: int, measured: ScalingCurve) -> None:
    """Stores what a probe measured on several devices, beside its throughput curve.

    Raises:
        RequestError: The attempt is fenced, or is no probe.
        Refusal: It is of something else than its pilot.
    """
    _pilot_of(work, run_id, number, measured)
    probed.save(
        work.session,
        ScalingRow(
            workload=measured.workload,
            device=measured.device,
            dtype=measured.dtype,
            versions=measured.versions,
            curve=encode(measured),
            measured_at=work.now,
            run_id=run_id,
        ),
    )


def _pilot_of(
    work: UnitOfWork, run_id: str, number: int, measured: ThroughputCurve | ScalingCurve
) -> PilotRow:
    """The pilot that something was measured for, if a probe of its own may tell that.

    Raises:
        RequestError: The attempt is fenced, or is no probe.
        Refusal: It is of something else than its pilot.
    """
    run, _ = attempts.current(work, run_id, number)
    if run.purpose != "probe":
        raise conflict("not_a_probe")
    pilot = phases.existing(work, run.pilot_id)
    require(measured.workload == pilot.workload, "workload", "throughput_of_other_workload")
    require(measured.device == pilot.measured_on, "device", "throughput_of_other_device")
    wanted = phases.pilot_of(pilot).precision
    require(measured.dtype == wanted, "dtype", "throughput_of_other_dtype", wanted=wanted)
    return pilot

"""Projections to other hardware and other device counts."""

from backend.published.fabrics import fabrics
from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import projections
from planner.devices.fabric import Fabric
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import WhatIf

router = guarded(tags=["projections"])


@router.get("/fabrics")
def list_fabrics() -> tuple[Fabric, ...]:
    """Fabrics that somebody measured; any other is typed as bandwidth and delay."""
    return fabrics()


@router.post("/projections:compute", dependencies=IN_TURN)
def compute_projection(body: WhatIfRequest, work: Reading) -> WhatIf:
    """Hardware and a training's stages in, times, costs and device plans out; nothing stored."""
    return projections.compute(work, body)

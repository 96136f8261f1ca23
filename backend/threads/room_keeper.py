"""The thread that watches the room on the disk."""

from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation


class RoomKeeper(Periodic):
    """Looks every beat whether the reserve should be given up, or can be held again."""

    def __init__(self, installation: Installation) -> None:
        super().__init__("room", every_s=installation.settings.beat_s)
        self._room = installation.room

    def look(self) -> None:
        """One look at the disk."""
        self._room.look()

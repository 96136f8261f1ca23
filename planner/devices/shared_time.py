"""Time on a device that several runs hold together."""


class SharedTime:
    """Seconds of one device, in equal parts for all who hold it at each moment.

    Whatever happens, the parts of all add up to the seconds that anybody held the device. Moments
    come from one clock that never jumps, and never go back.
    """

    def __init__(self) -> None:
        self._since_s = 0.0
        self._parts_s: dict[str, float] = {}

    def __bool__(self) -> bool:
        """Whether anybody holds the device."""
        return bool(self._parts_s)

    def join(self, member: str, *, now_s: float) -> None:
        """A member holds the device from now on."""
        self._settle(now_s)
        self._parts_s[member] = 0.0

    def leave(self, member: str, *, now_s: float) -> float:
        """A member lets go of the device; its part, 0 for one that did not hold it."""
        self._settle(now_s)
        return self._parts_s.pop(member, 0.0)

    def part_s(self, member: str, *, now_s: float) -> float:
        """A member's part up to now; 0 for one that does not hold the device."""
        self._settle(now_s)
        return self._parts_s.get(member, 0.0)

    def _settle(self, now_s: float) -> None:
        passed_s, self._since_s = now_s - self._since_s, now_s
        for member in self._parts_s:
            self._parts_s[member] += passed_s / len(self._parts_s)

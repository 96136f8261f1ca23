"""That a tracker is not installed, and how it is."""


class TrackerMissing(Exception):
    """The package of a tracker cannot be imported here.

    Attributes:
        package: Its name.
        command: What installs it.
    """

    def __init__(self, package: str, requirement: str) -> None:
        self.package = package
        self.command = f"python -m pip install '{requirement}'"
        super().__init__(f"{package} is not installed here: {self.command}")

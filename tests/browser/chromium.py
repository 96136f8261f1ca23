"""The browser of the tests: the system's Chromium, or one that is named.

``python -m tests.browser.chromium`` prints its path, or says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "PAYBATCH_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

INSTALL = (
    "The tests of the pages need {missing}. On Debian: "
    "apt-get install --no-install-recommends chromium fonts-noto-cjk. "
    f"Another Chromium or Chrome: set {VARIABLE} to the path of its program."
)

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-dev-shm-usage", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


class BrowserMissing(Exception):
    """What to install before the pages can be tested."""


def find_chromium() -> Path:
    """The program.

    Raises:
        BrowserMissing: There is none, or this computer has no Japanese font.
    """
    named = os.environ.get(VARIABLE)
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or not Path(found).is_file():
        missing = f"Chromium ({named} does not exist)" if named else "Chromium"
        raise BrowserMissing(INSTALL.format(missing=missing))
    if not _has_japanese_font():
        raise BrowserMissing(INSTALL.format(missing="a Japanese font"))
    return Path(found)


def _has_japanese_font() -> bool:
    """True also where fontconfig cannot be asked: such systems bring their own fonts."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    listed = subprocess.run([lister, ":lang=ja", "family"], capture_output=True, check=True)
    return bool(listed.stdout.strip())


def main() -> None:
    """Prints the path, or says what to install."""
    try:
        sys.stdout.write(f"Browser of the tests: {find_chromium()}\n")
    except BrowserMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()

"""Real trackers, which log in an environment of their own: `make trackers` installs them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PYTHON = Path(os.environ.get("PAYBATCH_TRACKERS_PYTHON", ".venv-trackers/bin/python")).absolute()
KINDS = ["mlflow_files", "mlflow_database", "tensorboard", "wandb"]


def logged_by(script: Path, kind: str, folder: Path) -> Any:
    """What a script had a tracker log into a folder, as the script itself knows it."""
    done = subprocess.run(
        [PYTHON, "-I", script, kind, folder],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])

"""Starts a worker: ``python -m worker --api URL --token-file FILE --data-dir DIR``."""

import sys

from worker.main import main

sys.exit(main())

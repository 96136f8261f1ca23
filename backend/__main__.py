"""Serves the API: ``python -m backend``, with ``PAYBATCH_*`` variables as settings."""

import gc

if __name__ == "__main__":
    gc.disable()  # nothing that is loaded is garbage: looking for some takes a sixth of the start

    from backend.serving.program import main

    main()

"""`python -m worker.mark_store ADDRESS`: says that a store of checkpoints is empty on purpose.

Workers take an empty place for a store that is not there, such as a folder whose disk is not
mounted, while runs are to go on from checkpoints in it. Marked, it is theirs: such runs begin anew.
"""

import argparse
import sys

from worker.supervising.store import StoreAway
from worker.supervising.store_url import StoreRefused, open_store


def main(arguments: list[str] | None = None) -> int:
    """Marks it; the exit status is 1 where it is no store, or cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m worker.mark_store", description=__doc__)
    parser.add_argument("address", help="as workers are given it with --store")
    given = parser.parse_args(arguments)
    try:
        store = open_store(given.address)
        store.mark()
    except (StoreRefused, StoreAway) as error:
        sys.stderr.write(f"{given.address}: {error}\n")
        return 1
    sys.stdout.write(f"{store.url} is marked: what runs had there is given up\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

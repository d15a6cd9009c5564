"""A Dask cluster of processes on this machine, which tells its address and the processes of its workers, until its
standard input ends.
"""

import json
import sys

from distributed import Client, LocalCluster


def main() -> None:
    """Run it."""
    with (
        LocalCluster(
            n_workers=int(sys.argv[1]), threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        processes = client.run(process)
        print(json.dumps({"address": cluster.scheduler_address, "processes": list(processes.values())}), flush=True)
        sys.stdin.read()


def process() -> int:
    """Return the process of a worker."""
    import os

    return os.getpid()


if __name__ == "__main__":
    main()

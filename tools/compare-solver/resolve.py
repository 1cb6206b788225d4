"""Resolves requests with Rez itself: a list of tasks in, for each the packages in order or the failure out."""
import json
import os
import sys
import time

from rez.config import config
from rez.package_filter import PackageFilterList
from rez.package_order import PackageOrderList
from rez.resolved_context import ResolvedContext


def resolve(task):
    config.override("variant_select_mode", task["mode"])
    # Orderers by time look for packages where the configuration says, whatever the context was given.
    config.override("packages_path", task["repositories"])
    begin = time.perf_counter()
    try:
        context = ResolvedContext(
            task["requests"],
            package_paths=task["repositories"],
            add_implicit_packages=False,
            caching=False,
            timestamp=task["timestamp"],
            package_filter=PackageFilterList.from_pod(task["filters"]),
            package_orderers=PackageOrderList.from_pod(task["orderers"]),
            time_limit=20,
        )
    except Exception as error:  # noqa: BLE001
        return {"failed": "%s: %s" % (type(error).__name__, error)}
    seconds = time.perf_counter() - begin
    if not context.success:
        return {"failed": "%s: %s" % (context.status.name, context.failure_description), "seconds": seconds}
    return {
        "packages": [[one.name, str(one.version), one.index] for one in context.resolved_packages],
        "ephemerals": [str(one) for one in context.resolved_ephemerals],
        "seconds": seconds,
    }


tasks = json.load(sys.stdin)
out = sys.stdout
sys.stdout = open(os.devnull, "w")
json.dump([resolve(task) for task in tasks], out)

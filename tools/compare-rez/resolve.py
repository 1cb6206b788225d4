"""Resolves requests with Rez itself: {repositories, requests: {name: [...]}, save} in, the resolved packages out."""
import json
import os
import sys

from rez.resolved_context import ResolvedContext


def facts(variant):
    return {
        "name": variant.name,
        "version": str(variant.version),
        "index": variant.index,
        "root": variant.root,
        "base": variant.base,
        "requires": [str(one) for one in variant.requires],
        "file": variant.parent.resource.uri,
    }


def resolve(name, requests, task):
    try:
        context = ResolvedContext(
            requests,
            package_paths=task["repositories"],
            add_implicit_packages=bool(task.get("implicit")),
        )
    except Exception as error:  # noqa: BLE001
        return {"failed": "%s: %s" % (type(error).__name__, error)}
    if not context.success:
        return {"failed": context.failure_description}
    answer = {"packages": [facts(variant) for variant in context.resolved_packages]}
    answer["ephemerals"] = [str(one) for one in context.resolved_ephemerals]
    if task.get("save"):
        answer["rxt"] = os.path.join(task["save"], name + ".rxt")
        context.save(answer["rxt"])
    return answer


given = json.load(sys.stdin)
out = sys.stdout
sys.stdout = sys.stderr
json.dump({name: resolve(name, requests, given) for name, requests in given["requests"].items()}, out)

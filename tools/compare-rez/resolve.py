"""Resolves requests with Rez itself: {contexts: {name: {requests, repositories}}, save} in, resolved packages out."""
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


def resolve(name, given, save):
    try:
        context = ResolvedContext(
            given["requests"],
            package_paths=given["repositories"],
            add_implicit_packages=False,
            caching=False,
        )
    except Exception as error:  # noqa: BLE001
        return {"failed": "%s: %s" % (type(error).__name__, error)}
    if not context.success:
        return {"failed": context.failure_description}
    try:
        answer = {"packages": [facts(variant) for variant in context.resolved_packages]}
    except Exception as error:  # noqa: BLE001
        return {"failed": "%s: %s" % (type(error).__name__, error)}
    answer["ephemerals"] = [str(one) for one in context.resolved_ephemerals]
    if save:
        answer["rxt"] = os.path.join(save, name + ".rxt")
        context.save(answer["rxt"])
    return answer


task = json.load(sys.stdin)
out = sys.stdout
sys.stdout = sys.stderr
json.dump({name: resolve(name, given, task["save"]) for name, given in task["contexts"].items()}, out)

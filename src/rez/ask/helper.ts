/**
 * The program that asks an installed Rez, in Python: tasks as JSON on stdin, one JSON document on stdout. It runs inside of
 * Rez's own Python, started once for all contexts and only when the user asks for it, for Rez runs package code.
 */
export const HELPER = `
import json, logging, os, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
logging.disable(logging.CRITICAL)
import rez
from rez.resolved_context import ResolvedContext
from rez.rex import Alias

def last(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "%s: %s" % (type(error).__name__, lines[-1] if lines else "")

def texts(items):
    return [str(item) for item in items or []]

def package(variant):
    variables = variant.handle.variables
    return {
        "name": variant.name,
        "version": str(variant.version),
        "index": variant.index,
        "root": variant.root,
        "base": variant.base,
        "location": variables.get("location"),
        "repository_type": variables.get("repository_type"),
        "extension": variables.get("ext"),
        "requires": texts(variant.get_requires(build_requires=False, private_build_requires=False)),
        "tools": texts(variant.tools),
    }

def context(task):
    if task["rxt"] is not None:
        return ResolvedContext.load(task["rxt"])
    return ResolvedContext(
        task["requests"] + (task["implicit"] or []),
        package_paths=task["paths"],
        add_implicit_packages=task["implicit"] is None,
        caching=False,
        package_caching=False,
    )

def answer(task):
    resolved = context(task)
    if not resolved.success:
        return {"error": resolved.failure_description or resolved.status.name}
    found = {
        "packages": [package(variant) for variant in resolved.resolved_packages],
        "requests": texts(resolved.requested_packages(include_implicit=False)),
        "environment": None,
        "environment_error": None,
        "aliases": [],
    }
    try:
        found["environment"] = dict(resolved.get_environ(parent_environ={}))
        actions = resolved.get_actions(parent_environ={})
        found["aliases"] = [texts(action.args[:2]) for action in actions if isinstance(action, Alias)]
    except Exception as error:
        found["environment_error"] = last(error)
    return found

answers = []
for task in json.load(sys.stdin):
    try:
        answers.append(answer(task))
    except Exception as error:
        answers.append({"error": last(error)})
json.dump({"rez": rez.__version__, "answers": answers}, out)
out.flush()
`

"""Asks an installed Rez for the environments of some contexts.

Reads from stdin {"repositories": [...], "contexts": {NAME: {"requests": [REQUEST, ...], "parent": {NAME: VALUE}}}} and
writes to stdout, for each context, its packages in the order of the resolve and the environment that their commands
make from the parent's, or the error.
"""
import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

from rez.config import config  # noqa: E402
from rez.resolved_context import ResolvedContext  # noqa: E402

config.override("standard_system_paths", ["/SYSTEM"])
config.override("rez_tools_visibility", "never")
# Rez refuses @include without it; installed packages have copies of their own.
config.override("package_definition_python_path", os.path.dirname(os.path.abspath(__file__)))


def answer(requests, parent, repositories):
    context = ResolvedContext(requests, package_paths=repositories, caching=False, package_caching=False)
    if context.status.name != "solved":
        return {"error": "not solved: %s" % context.failure_description}
    packages = [
        {
            "name": variant.name,
            "version": str(variant.version),
            "index": variant.index,
            "root": variant.root,
            "base": variant.base,
            "requires": [str(item) for item in variant.requires],
            "variantRequires": [str(item) for item in variant.variant_requires],
        }
        for variant in context.resolved_packages
    ]
    out = {
        "packages": packages,
        "implicits": [str(item) for item in context.implicit_packages],
        "ephemerals": [str(item) for item in context.resolved_ephemerals or []],
        "system": {"platform": context.platform, "arch": context.arch, "os": context.os},
    }
    try:
        out["environment"] = environment(context, {k: v for k, v in parent.items() if v is not None})
    except Exception as error:
        out["error"] = str(error).strip().split("\n")[-1]
    return out


def environment(context, parent):
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(parent)
    try:
        return context.get_environ(parent_environ=parent)
    finally:
        os.environ.clear()
        os.environ.update(before)


def main():
    asked = json.load(sys.stdin)
    # What commands print belongs to nobody's result.
    result = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    answers = {}
    for name, context in asked["contexts"].items():
        try:
            answers[name] = answer(context["requests"], context["parent"], asked["repositories"])
        except Exception as error:
            answers[name] = {"error": str(error).strip()[-3000:]}
    json.dump(answers, result)


main()

"""Answers questions about versions, ranges and requirements with Rez itself: one JSON array in, one JSON array out."""
import json
import sys

from rez.utils.formatting import PackageRequest
from rez.version import Requirement, RequirementList, Version, VersionRange


def text(value):
    return None if value is None else str(value)


def attempt(function):
    """Rez raises where an operation makes a bound that it refuses itself."""
    try:
        return function()
    except Exception as error:  # noqa: BLE001
        return {"raised": type(error).__name__}


def order(a, b):
    return -1 if a < b else 1 if b < a else 0


def version(source):
    value = Version(source)
    tokens = [str(token) for token in value.tokens]
    return [str(value), str(value.next()), str(value.trim(2)), tokens, value.seps]


def versions(first, second):
    a, b = Version(first), Version(second)
    return [order(a, b), a == b]


def version_range(source):
    value = VersionRange(source)
    return [str(value), value.is_any(), attempt(lambda: text(value.inverse())), str(value.span())]


def ranges(first, second):
    a, b = VersionRange(first), VersionRange(second)
    return [
        attempt(lambda: str(a | b)),
        attempt(lambda: text(a & b)),
        attempt(lambda: text(a - b)),
        a.issuperset(b),
        a.intersects(b),
        a == b,
        order(a, b),
    ]


def contains(source, many):
    value = VersionRange(source)
    return [Version(one) in value for one in many]


def facts(value):
    return [value.name, str(value), value.conflict, value.weak, text(value.range)]


def requirement(source):
    return facts(Requirement(source))


def request(source):
    value = PackageRequest(source)
    return facts(value) + [value.ephemeral]


def meeting(first, second):
    a, b = Requirement(first), Requirement(second)

    def merged():
        result = a.merged(b)
        return None if result is None else facts(result)

    return [a.conflicts_with(b), attempt(merged), a == b]


def listed(sources):
    requirements = [Requirement(source) for source in sources]
    merged = attempt(lambda: RequirementList(requirements))
    if isinstance(merged, dict):
        return merged
    return [str(merged), sorted(merged.names), sorted(merged.conflict_names)]


QUESTIONS = {
    "version": version,
    "versions": versions,
    "range": version_range,
    "ranges": ranges,
    "contains": contains,
    "requirement": requirement,
    "request": request,
    "meeting": meeting,
    "list": listed,
}


def answer(question):
    kind, *arguments = question
    try:
        return QUESTIONS[kind](*arguments)
    except Exception:  # noqa: BLE001  (what does not parse raises VersionError, PackageRequestError or ValueError)
        return {"refused": True}


print(json.dumps([answer(question) for question in json.load(sys.stdin)]))

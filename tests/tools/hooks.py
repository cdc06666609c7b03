"""What Schemathesis does not send, with the reason.

A head that no HTTP parser reads: beyond 64 KiB the service's parser answers with a bare status before there is a
request, so neither the document nor the problem format applies. A character may need twelve bytes in a request target.

The entity tag `0`: it takes that for one that fits the pattern of the parameter, which it does not.

In requests that have to be accepted, what no schema can tell from what is refused: a cursor that the service did not
make, a field twice in `sort`, a decimal of 15 digits that 64 bits do not hold, and, as a user, filters and orders by guarded
fields, which the document leaves to the policies.
"""

import os
import re

import schemathesis
from schemathesis.generation import GenerationMode

GUARDED = "Only for callers whom a policy lets read it."


@schemathesis.hook
def filter_case(context, case):
    headers = case.headers or {}
    if "0" in (headers.get("If-Match"), headers.get("If-None-Match")):
        return False
    parts = [*(case.query or {}).items(), *headers.items()]
    return sum(len(str(name)) + len(str(value)) for name, value in parts) * 12 < 60_000


@schemathesis.hook
def map_case(context, case):
    has_to_be_accepted = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if has_to_be_accepted and case.query:
        hidden = guarded_fields(case.operation) if os.environ["CALLER"] == "user" else set()
        for name in [name for name, value in case.query.items() if is_refused(name, value, hidden)]:
            del case.query[name]
    return case


def guarded_fields(operation):
    parameters = operation.definition.raw.get("parameters", [])
    return {field_of(one["name"]) for one in parameters if GUARDED in one.get("description", "")}


def field_of(parameter):
    return parameter.split("[")[0]


def is_refused(name, value, hidden):
    if name == "sort":
        words = value.split(",") if isinstance(value, str) else value
        fields = [str(word).removeprefix("-") for word in words]
        return len(fields) > len(set(fields)) or not hidden.isdisjoint(fields)
    values = value if isinstance(value, list) else [value]
    too_large = any(re.fullmatch(r"-?[0-9]{15}(\.[0-9]+)?", str(one)) for one in values)
    return name == "cursor" or too_large or field_of(name) in hidden

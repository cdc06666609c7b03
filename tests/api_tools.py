"""Compares the report of one judge with what tests/api-tools.txt accepts: api_tools.py JUDGE DOCUMENT REPORT."""

import json
import pathlib
import sys


def findings(judge, report):
    """Name and place of each finding. A report that cannot be read is a finding too: a judge that fell is no acquittal."""
    if judge == "openapi-spec-validator":
        first = report.strip().splitlines()
        if not first:
            return [("no report", "")]
        last = [line for line in first if line.rstrip().endswith(": OK")]
        errors = [line.split("Error: ", 1)[1] for line in first if "Error: " in line]
        return [(error, "") for error in errors] if errors else ([] if last else [(first[0], "")])
    try:
        found = json.loads(report)
    except ValueError:
        return [("no report", report[:200])]
    if judge == "spectral":
        return [(one["code"], "/".join(map(str, one["path"]))) for one in found]
    return [(one["ruleId"], one["message"]) for one in found["problems"]]


def accepted(judge):
    rows = pathlib.Path("tests/api-tools.txt").read_text(encoding="utf-8").splitlines()
    rows = [row.split("\t") for row in rows if row and not row.startswith("#")]
    for row in rows:
        if len(row) != 3 or not row[2]:
            sys.exit(f"tests/api-tools.txt: no reason in {row}")
    return [name for known, name, _ in rows if known == judge]


def main():
    judge, document, report = sys.argv[1:]
    known = accepted(judge)
    new = [
        one
        for one in findings(judge, pathlib.Path(report).read_text(encoding="utf-8"))
        if not any(one[0] == name or one[0].startswith(name) and judge.startswith("openapi") for name in known)
    ]
    for name, place in new:
        print(f"{judge}: {document}: {name} {place}", file=sys.stderr)
    sys.exit(bool(new))


main()

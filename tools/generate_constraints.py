#!/usr/bin/env python3
"""Writes src/service/constraint/table.rs: what the API model demands of the input of each operation; and
tests/it/api/model.txt: the same and the outputs, a line per shape, for tests that must not trust the table.

usage: tools/generate_constraints.py MODEL
  MODEL  service-2.json of the AWS Step Functions service model, as it is in botocore
         (`pip download --no-deps botocore`, then botocore/data/stepfunctions/2016-11-23/ in the wheel);
         a wheel, a service-2.json.gz, or an extract with the same keys will do.

Only names, lengths, ranges, patterns, enums and required members are read: facts, no prose.
"""
import gzip
import json
import pathlib
import re
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "src/service/constraint/table.rs"
MODEL_LINES = ROOT / "tests/it/api/model.txt"

# The patterns of the model, as the variants of `shape::Pattern` that decide them.
PATTERNS = {
    r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$": "AliasName",
    r"[!-~]+": "VisibleAscii",
    r"\p{ASCII}*": "Ascii",
}

# The order in which AWS's message lists an enum, where it is known from a recording; else the model's.
RECORDED_ENUM_ORDER = {
    "ExecutionStatus": ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"],
}

# Payloads: their length counts the bytes of their UTF-8.
PAYLOADS = {"SensitiveData", "SensitiveDataJobInput"}


def load(path):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            found = next(n for n in wheel.namelist() if re.search(r"stepfunctions/.*/service-2\.json", n))
            data = wheel.read(found)
            return json.loads(gzip.decompress(data) if found.endswith(".gz") else data)
    data = pathlib.Path(path).read_bytes()
    return json.loads(gzip.decompress(data) if path.endswith(".gz") else data)


def target(reference):
    """The name of a shape, written as "Name" or as {"shape": "Name"}."""
    return reference["shape"] if isinstance(reference, dict) else reference


def constant(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def text(name, shape):
    out = "Text::ANY"
    if shape.get("min"):
        out += f".min({shape['min']})"
    if "max" in shape:
        out += f".max({shape['max']})"
    if name in PAYLOADS:
        out += ".in_bytes()"
    if "pattern" in shape:
        out += f".matching(Pattern::{PATTERNS[shape['pattern']]})"
    if "enum" in shape:
        values = RECORDED_ENUM_ORDER.get(name, shape["enum"])
        assert sorted(values) == sorted(shape["enum"]), name
        out += ".one_of(&[" + ", ".join(f'"{v}"' for v in values) + "])"
    if shape.get("sensitive"):
        out += ".sensitive()"
    return f"Shape::Text({out})"


def number(shape):
    kind = {"integer": "Integer", "long": "Long", "float": "Float"}[shape["type"]]
    bounds = "".join(f".{bound}({shape[bound]})" for bound in ("min", "max") if bound in shape)
    return f"Shape::Number(Number::of(NumberKind::{kind}){bounds})"


def sequence(shape):
    bounds = "".join(f".{bound}({shape[bound]})" for bound in ("min", "max") if bound in shape)
    return f"Shape::List(List::of(&{constant(target(shape['member']))}){bounds})"


def structure(name, shape):
    members = "".join(
        f"Member::{'required' if member in shape.get('required', []) else 'optional'}"
        f'("{member}", &{constant(target(reference))}), '
        for member, reference in shape.get("members", {}).items()
    )
    return f'Shape::Structure(Structure {{ name: "{name}", members: &[{members}] }})'


def rust(name, shape):
    kind = shape["type"]
    if kind == "string":
        return text(name, shape)
    if kind in ("integer", "long", "float"):
        return number(shape)
    if kind == "boolean":
        return "Shape::Flag"
    if kind == "list":
        return sequence(shape)
    if kind == "structure":
        return structure(name, shape)
    raise SystemExit(f"{name}: no constraint is known for type {kind}")


def reachable(shapes, roots):
    found = []
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        shape = shapes[name]
        waiting += [target(m) for m in shape.get("members", {}).values()]
        waiting += [target(shape["member"])] if "member" in shape else []
        waiting += [target(shape["value"])] if "value" in shape else []
    return sorted(found)


def bounds(shape):
    return "".join(f" {bound}={shape[bound]}" for bound in ("min", "max") if bound in shape)


def model_line(name, shape):
    """`kind Name facts…`; members are written `name:Shape`, with a `*` before the colon if they are required."""
    kind = shape["type"]
    line = f"{kind} {name}{bounds(shape)}"
    if kind == "string":
        line += " bytes" if name in PAYLOADS else ""
        line += " sensitive" if shape.get("sensitive") else ""
        line += f" pattern={PATTERNS[shape['pattern']]}" if "pattern" in shape else ""
        line += " enum=" + ",".join(RECORDED_ENUM_ORDER.get(name, shape["enum"])) if "enum" in shape else ""
    elif kind == "structure":
        for member, reference in shape.get("members", {}).items():
            line += f" {member}{'*' if member in shape.get('required', []) else ''}:{target(reference)}"
    elif kind == "list":
        line += f" of={target(shape['member'])}"
    elif kind == "map":
        line += f" of={target(shape['value'])}"
    return line


def write_model_lines(model):
    operations = sorted(model["operations"].items())
    lines = ["# What the API model says of each operation and shape: made by tools/generate_constraints.py."]
    for name, operation in operations:
        errors = " ".join(sorted(target(error) for error in operation["errors"]))
        lines.append(f"operation {name} {target(operation['input'])} {target(operation['output'])} {errors}")
    roots = [target(operation[end]) for _, operation in operations for end in ("input", "output")]
    for name in reachable(model["shapes"], roots):
        lines.append(model_line(name, model["shapes"][name]))
    MODEL_LINES.parent.mkdir(parents=True, exist_ok=True)
    MODEL_LINES.write_text("\n".join(lines) + "\n")


def main():
    model = load(sys.argv[1])
    write_model_lines(model)
    inputs = {name: target(operation["input"]) for name, operation in sorted(model["operations"].items())}
    lines = [
        "//! What the API model demands of the input of each operation: made by `tools/generate_constraints.py`.",
        "//! Do not edit.",
        "",
        "use super::shape::{List, Member, Number, NumberKind, Pattern, Shape, Structure, Text};",
        "use crate::model::Operation;",
        "",
        "/// The input of an operation.",
        "pub(super) const fn input_of(operation: Operation) -> &'static Shape {",
        "    match operation {",
        *(f"        Operation::{name} => &{constant(shape)}," for name, shape in inputs.items()),
        "    }",
        "}",
        "",
    ]
    for name in reachable(model["shapes"], inputs.values()):
        lines.append(f"static {constant(name)}: Shape = {rust(name, model['shapes'][name])};")
    TABLE.write_text("\n".join(lines) + "\n")
    subprocess.run(["rustfmt", "--edition", "2024", str(TABLE)], check=True)


main()

#!/usr/bin/env python3
"""Fails on any include that src/layers.toml does not allow, and on any cycle.

Rules: base is for all; driver, service, api and app may also include core; what a module includes
besides must stand in its row; service/testing is for tests only; "detail" folders are private; a
module's CMakeLists.txt lists no DEPS beyond base, core and its row; each file's name is unique in
the tree; the rows hold no cycle.
"""
import graphlib
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
TEST = re.compile(r"_((db)?test|bench)\.cpp$")
FIXTURE = "service/testing"  # what tests may include, and nothing else
CORE = ("core/config", "core/observe", "core/runtime")


def module_of(path, modules):
    parts = path.split("/")
    for length in (2, 1):
        name = "/".join(parts[:length])
        if name in modules:
            return name
    return None


def allowed(module, rows):
    row = rows[module]
    if "*" in row:
        return set(rows)
    extra = CORE if module.split("/")[0] in ("driver", "service", "api", "app") else ()
    return {"base", module, *row, *extra}


def check_includes(rows):
    problems = []
    seen = {}
    for file in sorted([*SRC.rglob("*.hpp"), *SRC.rglob("*.cpp")]):
        relative = file.relative_to(SRC).as_posix()
        module = module_of(relative, rows)
        if module is None:
            if not relative.startswith("kernel/wasm/"):
                problems.append(f"{relative}: belongs to no module of layers.toml")
            continue
        if "/detail/" not in relative and file.name in seen:
            problems.append(f"{relative}: {seen[file.name]} has the same file name")
        seen[file.name] = relative
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            problems += check_one(relative, number, match.group(1), module, rows)
    return problems


def check_one(relative, number, include, module, rows):
    target = module_of(include, rows)
    if target is None:
        return [f"{relative}:{number}: {include} belongs to no module"]
    if target == FIXTURE != module:
        if TEST.search(relative):
            return []
        return [f"{relative}:{number}: {FIXTURE} is for tests only"]
    if target not in allowed(module, rows):
        return [f"{relative}:{number}: {module} must not include {target}"]
    if "/detail/" in include and target != module:
        return [f"{relative}:{number}: {include} is private to {target}"]
    return []


def check_cmake(rows):
    problems = []
    for module in rows:
        file = SRC / module / "CMakeLists.txt"
        if module == "app" or not file.exists():
            continue
        match = re.search(r"aa_module\(NAME\s+" + re.escape(module) + r"\b(.*?)\)",
                          file.read_text(encoding="utf-8"), re.S)
        if not match:
            problems.append(f"{module}/CMakeLists.txt: no aa_module(NAME {module} ...)")
            continue
        deps = re.search(r"\bDEPS\s+(.*?)(?:\bEXTERNAL\b|\bSOURCES\b|$)", match.group(1), re.S)
        listed = set(deps.group(1).split()) if deps else set()
        for extra in sorted(listed - allowed(module, rows)):
            problems.append(f"{module}/CMakeLists.txt: DEPS {extra} is not in layers.toml")
        wanted = {row for row in rows[module] if not row.startswith("core/")}
        for lacking in sorted(wanted - listed):
            problems.append(f"{module}/CMakeLists.txt: DEPS lacks {lacking} of layers.toml")
    return problems


def main():
    rows = tomllib.loads((SRC / "layers.toml").read_text(encoding="utf-8"))["modules"]
    problems = check_includes(rows) + check_cmake(rows)
    graph = {name: set(row) - {"*"} for name, row in rows.items()}
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        problems.append(f"layers.toml: a cycle: {' -> '.join(error.args[1])}")
    print("\n".join(problems) if problems else "layers: every include points down")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

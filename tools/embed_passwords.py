#!/usr/bin/env python3
"""Packs common passwords into C++: the sorted FNV-1a hashes of those that are long enough.

usage: embed_passwords.py <passwords.json> <out header>

The list is a JSON array of passwords. One that is shorter than what the server takes anyway is left
out. 64 bits for some twenty thousand passwords: another one meets a hash once in 10^14.
"""
import json
import pathlib
import sys

LENGTH_MIN = 8
LINE = 5


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def pack(words):
    return sorted({fnv1a(word.lower()) for word in words if len(word) >= LENGTH_MIN})


def render(hashes):
    rows = [", ".join(f"0x{value:016x}" for value in hashes[i:i + LINE])
            for i in range(0, len(hashes), LINE)]
    return ("// Made by tools/embed_passwords.py.\n#pragma once\n\n#include <array>\n"
            "#include <cstdint>\n\nnamespace aa::identity {\n\n"
            f"inline constexpr std::array<std::uint64_t, {len(hashes)}> kCommonPasswords = {{\n    "
            + ",\n    ".join(rows) + "};\n\n}  // namespace aa::identity\n")


def main(source, out):
    words = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        sys.exit(f"{source}: is no array of passwords")
    target = pathlib.Path(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render(pack(words)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

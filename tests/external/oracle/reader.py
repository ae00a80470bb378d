"""Reads YAML texts the way PyYAML does (YAML 1.1): a JSON list of texts in, a JSON list out.

Text, null, booleans and small integers become what they are in JSON; anything else becomes its
type and its value as text, so that nothing is rounded and nothing is confused with text.
"""

import json
import sys

import yaml


class Loader(yaml.CSafeLoader):
    """A scalar that its type's constructor refuses keeps its type and its spelling."""

    def construct_object(self, node, deep=False):
        if not isinstance(node, yaml.ScalarNode):
            return super().construct_object(node, deep=True)
        try:
            value = super().construct_object(node, deep=True)
        except Exception:  # noqa: BLE001 - constructors raise whatever they like
            return f"\x01{node.tag} {node.value}"
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int) and abs(value) < 2**53:
            return value
        return f"\x01{type(value).__name__} {value!r}"


def key(value):
    return value if isinstance(value, str) else f"\x01{value!r}"


def plain(value):
    if isinstance(value, dict):
        return {key(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return f"\x01{value!r}"


def meaning(text):
    try:
        return {"value": plain(yaml.load(text, Loader))}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        return {"error": f"{type(error).__name__}: {error}"}


json.dump([meaning(text) for text in json.load(sys.stdin)], sys.stdout)

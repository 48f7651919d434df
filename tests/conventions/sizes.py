"""Limits of length, so that each part can be read at one sitting."""

import ast
from collections.abc import Iterator

from tests.conventions.source import Source, at

FILE_LINES = 400
FUNCTION_LINES = 50
PUBLIC_METHODS = 15


def file_length(source: Source) -> Iterator[str]:
    """No file over 400 lines."""
    if source.lines > FILE_LINES:
        yield f"{source.place}: {source.lines} lines, at most {FILE_LINES}"


def function_length(source: Source) -> Iterator[str]:
    """No function over 50 lines."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield at(source, node, f"{node.name} has {lines} lines, at most {FUNCTION_LINES}")


def class_width(source: Source) -> Iterator[str]:
    """No class with more than 15 public methods of its own."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            methods = {
                item.name
                for item in node.body
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and not item.name.startswith("_")
            }
            if len(methods) > PUBLIC_METHODS:
                yield at(
                    source, node, f"{node.name} has {len(methods)} public methods, at most {PUBLIC_METHODS}"
                )

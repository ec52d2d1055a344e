"""Reading the source of a package: what it imports, and which public functions say nothing about themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def sources(package: ModuleType) -> dict[str, ast.Module]:
    """Path below the package -> its parsed source."""
    root = Path(package.__path__[0])
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    }


def imported(source: ast.AST) -> set[str]:
    """Modules that are imported anywhere in it; `from a import b` counts as `a`."""
    names: set[str] = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def undocumented(source: ast.Module) -> list[str]:
    """The module (``), public classes and public functions without a docstring, by qualified name.

    Functions inside functions are nobody's API; a special method is public.
    """
    return [name for name, node in _public("", source) if not ast.get_docstring(node)]


def _public(name: str, node: Documented) -> Iterator[tuple[str, Documented]]:
    yield name, node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _is_public(child.name):
            yield from _public(f"{name}.{child.name}".lstrip("."), child)


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))

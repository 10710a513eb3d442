"""Which names the sections of a notebook bind, and which they take from other sections.

Cells are run again, in any order. So a name that a section takes from another must mean the same whichever section ran
last: it is bound in one section only, and neither a loop nor a ``with`` uses it on the way.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
Section = list[tuple[str, str]]


@dataclass
class Names:
    """What a section does with names: who binds them, which it needs from outside, which its functions may ask for."""

    bound: dict[str, str] = field(default_factory=dict)  # {name: the cell that binds it}; imports are left out
    looped: dict[str, str] = field(default_factory=dict)  # those of them that a loop or a with binds
    needed: set[str] = field(default_factory=set)
    deferred: set[str] = field(default_factory=set)


def complaints(sections: list[Section]) -> list[str]:
    """Return what is wrong with the names of a notebook, whose sections are lists of (cell's id, source)."""
    parts = [_names(section) for section in sections]
    found = []
    for name in sorted({name for part in parts for name in part.bound}):
        binding = [part for part in parts if name in part.bound]
        # A function runs whenever it is called, so what it asks for is needed everywhere.
        asked = any(name in part.deferred for part in parts)
        for part in binding:
            taken = asked or any(name in other.needed for other in parts if other is not part)
            if taken and name in part.looped:
                found.append(f"{part.looped[name]}: a loop binds {name}, which another section or a function needs")
        if len(binding) > 1 and (asked or any(name in part.needed for part in parts)):
            cells = ", ".join(part.bound[name] for part in binding)
            found.append(f"{cells}: each section binds {name}, which another section or a function needs")
    return found


def _names(section: Section) -> Names:
    """Return what a section does with names."""
    names, sure = Names(), set()
    for cell, source in section:
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
        sure = _follow(ast.parse(code).body, cell, sure, names)
    return names


def _follow(body: Iterable[ast.stmt], cell: str, sure: set[str], names: Names) -> set[str]:
    """Note what statements do, and return the names that are bound for sure after them; ``sure`` are those before."""
    sure = set(sure)
    for statement in body:
        blocks = [getattr(statement, part, []) for part in ("body", "orelse", "finalbody")]
        blocks += [handler.body for handler in getattr(statement, "handlers", [])]
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) or not any(blocks):
            _read(statement, sure, names)
            bound = set(_bound(statement))
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                names.bound |= dict.fromkeys(bound - names.bound.keys(), cell)
            sure |= bound
            continue
        for head in _heads(statement):
            _read(head, sure, names)
        looped = {name for head in _heads(statement) for name in _bound(head)}
        names.bound |= dict.fromkeys(looped - names.bound.keys(), cell)
        names.looped |= dict.fromkeys(looped - names.looped.keys(), cell)
        after = [_follow(block, cell, sure | looped, names) for block in blocks]
        if isinstance(statement, ast.With):
            sure = after[0]
        elif isinstance(statement, ast.If):
            sure = after[0] & after[1]
        # Of a loop there may be no round, and a try may end anywhere: what they bind is not sure.
    return sure


def _heads(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the parts of a compound statement that are not its blocks."""
    for _, value in ast.iter_fields(statement):
        parts = value if isinstance(value, list) else [value]
        yield from (each for each in parts if isinstance(each, ast.expr | ast.withitem))


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds where it stands."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def _read(node: ast.AST, sure: set[str], names: Names) -> None:
    """Note the names that a node needs as it runs, and those that its functions will ask for."""
    bound = set(_bound(node))
    if isinstance(node, ast.AugAssign | ast.Delete):
        names.needed |= bound - sure
    if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Store):  # a target; unparsed, it reads
        sure = sure | bound
    if isinstance(node, ast.withitem):
        node = node.context_expr
    now, later = _asked(symtable.symtable(ast.unparse(node), "a cell", "exec"))
    names.needed |= now - sure
    names.deferred |= later


def _asked(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Return the outer names that a scope asks for, as it runs and when a function in it is called."""
    outer = table.get_type() == "module"
    now = {each.get_name() for each in table.get_symbols() if each.is_referenced() and (outer or each.is_global())}
    later: set[str] = set()
    for child in table.get_children():
        soon, deferred = _asked(child)
        (now if child.get_name() in COMPREHENSIONS else later).update(soon)
        later |= deferred
    return now, later

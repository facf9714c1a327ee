"""Where in a room a change is tried: everywhere that a test could reasonably notice it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from config.mutation import ROOT
from config.mutation.operators import OPERATORS, Place  # first: cosmic-ray's own parts import each other in a circle

from cosmic_ray.ast import ast_nodes, get_ast  # isort: skip
from cosmic_ray.mutating import MutationVisitor  # isort: skip

ROOMS = {
    "roles": ("casework/rights/roles.py",),
    "stages": ("casework/stages.py",),
    "working_time": ("casework/working_time",),
    "ladder": ("casework/ladder",),
    "lifecycle": ("casework/lifecycle",),
    "watch": ("casework/watch",),
    "escalation": ("casework/escalation",),
    "relapse": ("casework/relapse/matching.py",),
    "content": (
        "casework/proofs/content.py",
        "casework/proofs/office_files.py",
        "casework/proofs/photo_files.py",
        "casework/proofs/pdf_files.py",
    ),
    "steps": ("flows/steps.py",),
    "delivering": ("notifications/delivering.py",),
    "announcing": ("notifications/announcing.py",),
    "audience": ("notifications/audience.py", "notifications/events.py"),
    "oversight": ("oversight",),
}
# Words for people, types and logs; and the sizes of batches, which change no result.
WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "ngettext_lazy", "cast", "log", "logger"}
SIZES = {
    "maxsize",
    "batch_size",
    "chunk_size",
    "strict",
    "frozen",
    "db_index",
    "max_length",
    "max_digits",
    "decimal_places",
}
BATCHES = {"BATCH", "CHUNK"}
KEPT_DECORATORS = ("transaction.atomic",)  # without any of the others the module doesn't even load


@dataclass(frozen=True)
class Mutant:
    """One change. `lines` are those of its statement; `names` what the statement names where it runs at import."""

    room: str
    module: str
    operator: str
    occurrence: int
    line: int
    lines: range
    names: frozenset[str]

    def code(self) -> str:
        """The whole module, changed; the same text where the change isn't Python."""
        code = (ROOT / self.module).read_text()
        changed = MutationVisitor.mutate_code(code, OPERATORS[self.operator], self.occurrence)
        try:
            compile(changed, self.module, "exec")
        except SyntaxError:
            return code
        return changed


def mutants_of(room: str) -> list[Mutant]:
    return [mutant for module in modules_of(room) for mutant in _mutants_in(room, module)]


def modules_of(room: str) -> Iterator[str]:
    for name in ROOMS[room]:
        files = [ROOT / name] if name.endswith(".py") else sorted((ROOT / name).glob("*.py"))
        yield from (str(file.relative_to(ROOT)) for file in files)


@lru_cache
def _mutants_in(room: str, module: str) -> list[Mutant]:
    code = (ROOT / module).read_text()
    tree, nodes = ast.parse(code), list(ast_nodes(get_ast(code)))
    passed_over, lines = _passed_over(tree), code.splitlines()
    found = []
    for name, operator in OPERATORS.items():
        occurrence = -1
        for node in nodes:
            for begin, _end in operator.mutation_positions(node):
                occurrence += 1
                # parso counts characters, ast counts bytes
                place = (begin[0], len(lines[begin[0] - 1][: begin[1]].encode()))
                if node.parent is not None and node.parent.type == "parameters":
                    continue  # the star before keywords is no multiplication
                is_decorator = name == "RemoveDecorator"
                if is_decorator and not any(kept in node.get_code() for kept in KEPT_DECORATORS):
                    continue
                if not is_decorator and any(first <= place < last for first, last in passed_over):
                    continue
                found.append(Mutant(room, module, name, occurrence, begin[0], *_statement(tree, begin[0])))
    return found


def _statement(tree: ast.Module, line: int) -> tuple[range, frozenset[str]]:
    """The lines of the innermost statement (of one with a body, those above it), and what it names at import."""
    inner: list[Any] = [*tree.body]
    is_function, named = False, set[str]()
    while True:
        holding = [each for each in inner if _first_line(each) <= line <= (each.end_lineno or each.lineno)]
        if not holding:
            return range(line, line + 1), frozenset() if is_function else frozenset(named)
        statement = holding[0]
        if not is_function:
            named |= {node.id for node in _targets(statement)} | {getattr(statement, "name", "")} - {""}
        blocks = [
            block for name in ("body", "orelse", "handlers", "finalbody") if (block := getattr(statement, name, []))
        ]
        inside = [block for block in blocks if _first_line(block[0]) <= line <= (block[-1].end_lineno or 0)]
        if not inside:
            last = _first_line(blocks[0][0]) - 1 if blocks else statement.end_lineno or statement.lineno
            lines = range(_first_line(statement), max(last, statement.lineno) + 1)
            return lines, frozenset() if is_function else frozenset(named)
        is_function = is_function or isinstance(statement, ast.FunctionDef)
        inner = inside[0]


def _first_line(node: Any) -> int:
    return min(node.lineno, *(each.lineno for each in getattr(node, "decorator_list", [])), node.lineno)


def _targets(statement: ast.stmt) -> Iterator[ast.Name]:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from (node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


def _passed_over(tree: ast.Module) -> list[tuple[Place, Place]]:
    return [(_begin(node), _end(node)) for node in ast.walk(tree) for node in _without_effect(node)]


def _without_effect(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node in which no change is tried."""
    for name in ("annotation", "returns"):
        if part := getattr(node, name, None):
            yield part
    yield from getattr(node, "decorator_list", ())
    if isinstance(node, ast.JoinedStr):
        yield node
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in BATCHES:
        yield node
    if isinstance(node, ast.Call):
        called = node.func
        word = called.id if isinstance(called, ast.Name) else ast.unparse(getattr(called, "value", called))
        if word in WORDS:
            yield node
        yield from (each.value for each in node.keywords if each.arg in SIZES)
    if isinstance(node, ast.BinOp) and (_is_text(node.left) or _is_text(node.right)):
        yield Between(node.left, node.right)  # formatting, a path, or a sum of words, which can't but fail


class Between(ast.AST):
    """The sign between two operands."""

    def __init__(self, left: ast.expr, right: ast.expr) -> None:
        self.lineno, self.col_offset = left.end_lineno, left.end_col_offset
        self.end_lineno, self.end_col_offset = right.lineno, right.col_offset


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    is_words = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORDS
    is_none = isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str | bytes))
    return is_words or is_none or isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)


def _begin(node: Any) -> Place:
    return node.lineno, node.col_offset


def _end(node: Any) -> Place:
    return node.end_lineno, node.end_col_offset

"""The changes tried: those of cosmic-ray that a test could notice, and our own for tables, membership and numbers."""

from collections.abc import Iterator
from typing import Any

import parso  # first: cosmic-ray imports its parts in an order that fails
from cosmic_ray.operators.exception_replacer import ExceptionReplacer
from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

Place = tuple[int, int]

COMPARISONS = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "BitOr_BitAnd", "BitAnd_BitOr")


class ChangeNumber(NumberReplacer):
    """One more or one less; cosmic-ray's own loses a line break before the number."""

    def mutate(self, node: Any, index: int) -> Any:
        changed = super().mutate(node, index)
        changed.value, changed.prefix = changed.value.strip(), node.prefix
        return changed


class ReplaceException(ExceptionReplacer):
    """What is caught is another error; cosmic-ray's own knows no names with a dot."""

    def mutate(self, node: Any, index: int) -> Any:
        caught = self._name_nodes(node)[index]
        while not hasattr(caught, "value"):
            del caught.children[1:]
            caught = caught.children[0]
        caught.value = "CosmicRayTestingException"
        return node

    @staticmethod
    def _name_nodes(node: Any) -> Any:
        caught = node.children[1]
        if caught.type != "atom":
            return () if caught == ":" else (caught,)
        inside = caught.children[1]
        return inside.children[::2] if inside.type == "testlist_comp" else (inside,)


class SwapMembership(Operator):
    """`in` becomes `not in`, and the other way round."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        if node.type == "comparison":
            for sign in node.children[1::2]:
                if sign.get_code().split() in (["in"], ["not", "in"]):
                    yield sign.start_pos, sign.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        signs = [
            place
            for place, sign in enumerate(node.children)
            if place % 2 and sign.get_code().split() in (["in"], ["not", "in"])
        ]
        is_in = node.children[signs[index]].get_code().strip() == "in"
        node.children[signs[index]] = parso.parse(" not in" if is_in else " in")
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropMember(Operator):
    """A tuple, list or set of names, or a dict, loses one member: a table without a row."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        # A list, because the walk goes on asking after it has changed the node.
        members = self._members(node)
        return iter([(node.children[first].start_pos, node.children[last].end_pos) for first, last in members])

    def mutate(self, node: Any, index: int) -> Any:
        first, last = self._members(node)[index]
        del node.children[first : last + 2]  # with the comma behind it
        if node.type == "testlist_comp" and len(node.children) == 1:
            node.children.append(parso.parse(","))
        return node

    @staticmethod
    def _members(node: Any) -> list[tuple[int, int]]:
        """The first and the last child of each member, where there are two at least."""
        if node.type not in ("testlist_comp", "dictorsetmaker") or not _is_table(node):
            return []
        commas = [place for place, each in enumerate(node.children) if each.get_code().strip() == ","]
        begins = [0, *(place + 1 for place in commas)]
        ends = [*(place - 1 for place in commas), len(node.children) - 1]
        members = [(first, last) for first, last in zip(begins, ends, strict=True) if first <= last]
        is_dict = node.type == "dictorsetmaker"
        if not is_dict and not all(node.children[first].type in ("name", "power", "atom_expr") for first, _ in members):
            return []
        return members if len(members) > 1 else []

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _is_table(node: Any) -> bool:
    """Whether this display is a constant, or what `in` looks into: elsewhere a lost member is a crash at once."""
    if any(each.get_code().lstrip().startswith(("for ", "async ")) for each in node.children):
        return False
    above = node.parent.parent
    if above is not None and above.type == "comparison" and above.children[-1] is node.parent:
        return True
    while above is not None:
        if above.type in ("funcdef", "lambdef", "import_from"):
            return False
        above = above.parent
    return True


OPERATORS: dict[str, Operator] = {
    name: get_operator(f"core/{name}")()
    for name in (
        *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISONS),
        *(f"ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC),
        *(f"ReplaceUnaryOperator_Delete_{sign}" for sign in ("Not", "USub", "Invert")),
        "AddNot",
        "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue",
        "ReplaceAndWithOr",
        "ReplaceOrWithAnd",
        "ReplaceBreakWithContinue",
        "ReplaceContinueWithBreak",
        "RemoveDecorator",
        "ZeroIterationForLoop",
    )
} | {each.__name__: each() for each in (ChangeNumber, ReplaceException, SwapMembership, DropMember)}

"""The graph against the page of stages, node by node."""

from viewflow.workflow import Node

from casework.stages import CITY_STRIKE_OFF, ENDS, ENDS_BY_INTERVENTION, FIRST, MOVES, TURNS, Stage
from flows.nodes import Step
from flows.rectification import RectificationFlow
from flows.steps import STEPS
from web.diagram import step_nodes


def nodes() -> dict[str, Node]:
    return {node.name: node for node in RectificationFlow.instance.nodes()}


def leads_to(node: Node) -> set[str]:
    """The next steps or ends behind a node, gateways passed through."""
    found: set[str] = set()
    for edge in node._outgoing():
        behind = edge.dst
        if isinstance(behind, Step) or behind.task_type == "END":
            found.add(behind.name)
        else:
            found |= leads_to(behind)
    return found


def test_every_stage_is_a_node_of_its_name() -> None:
    stages = {stage.value for stage in Stage if stage not in ENDS_BY_INTERVENTION}
    steps_and_ends = {name for name, node in nodes().items() if isinstance(node, Step) or node.task_type == "END"}
    assert steps_and_ends == stages


def test_the_graph_leads_where_the_stages_say() -> None:
    graph = {Stage(name): leads_to(node) for name, node in nodes().items() if isinstance(node, Step)}
    assert graph == {stage: {target.value for target in targets} for stage, targets in MOVES.items()}
    assert leads_to(nodes()["reported"]) == {stage.value for stage in FIRST}


def test_every_step_has_a_verb_and_a_turn() -> None:
    assert {stage for stages in STEPS.values() for stage in stages} == set(MOVES) == set(TURNS)
    assert CITY_STRIKE_OFF.roles


def test_node_names_that_landed_stay() -> None:
    """Node names are stored data: a change here needs a migration of the tasks."""
    assert sorted(nodes()) == [
        "approved",
        "assignment",
        "city_review",
        "city_reviewed",
        "closed",
        "duplicate",
        "first_review",
        "first_reviewed",
        "plan_approval",
        "plan_decided",
        "planned",
        "planning",
        "rectification",
        "refused",
        "reported",
        "screened",
        "screening",
        "second_review",
        "second_reviewed",
        "strike_off",
        "who_reported",
    ]


def test_the_diagram_shows_the_steps_in_the_order_of_the_procedure() -> None:
    assert [node.name for node in step_nodes()] == list(TURNS)


def test_ends_end() -> None:
    assert {name for name, node in nodes().items() if node.task_type == "END"} == {
        stage.value for stage in ENDS if stage not in ENDS_BY_INTERVENTION
    }

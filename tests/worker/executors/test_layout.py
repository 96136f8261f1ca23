"""How a seat's devices lie on the nodes of a cluster, what is best first."""

import pytest

from worker.executors.ray.layout import MOST_TRIED, Layout, layouts
from worker.executors.ray.names import devices_of, layout_of, number_of, seat_name


@pytest.mark.parametrize("nodes", [[4], [4, 4], [2, 8, 4]])
def test_what_one_node_could_hold_lies_on_one(nodes: list[int]):
    assert layouts(4, nodes) == ((4,),)


@pytest.mark.parametrize(
    ("devices", "nodes", "first"),
    [
        (2, [1, 1], (1, 1)),
        (6, [4, 4], (4, 2)),
        (6, [2, 4, 4], (4, 2)),
        (10, [2, 4, 4], (4, 4, 2)),
        (5, [0, 4, 1, 0], (4, 1)),
    ],
)
def test_what_no_node_could_hold_lies_on_as_few_as_possible_and_fills_the_widest(
    devices: int, nodes: list[int], first: Layout
):
    assert layouts(devices, nodes)[0] == first


def test_where_that_has_no_room_it_is_shared_out_evenly_and_then_over_more_nodes():
    assert layouts(6, [4, 4, 4]) == ((4, 2), (3, 3), (4, 1, 1), (2, 2, 2))


@pytest.mark.parametrize("nodes", [[], [0], [1, 1], [2, 0]])
def test_more_devices_than_all_nodes_have_lie_nowhere(nodes: list[int]):
    assert layouts(3, nodes) == ()


def test_every_layout_has_all_devices_and_no_more_on_a_node_than_that_has():
    nodes = [7, 5, 5, 3, 1, 1, 0]
    for devices in range(1, sum(nodes) + 1):
        found = layouts(devices, nodes)
        assert 1 <= len(found) <= MOST_TRIED
        for layout in found:
            assert sum(layout) == devices
            assert min(layout) >= 1
            widest = sorted(layout, reverse=True)
            assert all(taken <= most for taken, most in zip(widest, nodes, strict=False))
    assert layouts(sum(nodes) + 1, nodes) == ()


@pytest.mark.parametrize(
    ("layout", "name"), [((1,), "ray-3"), ((4,), "ray-3x4"), ((4, 2), "ray-3x4+2")]
)
def test_a_seat_s_name_tells_its_number_and_its_layout(layout: Layout, name: str):
    assert seat_name("ray-", number=3, layout=layout) == name
    assert number_of("ray-", name) == 3
    assert layout_of("ray-", name) == layout
    assert devices_of("ray-", name) == sum(layout)

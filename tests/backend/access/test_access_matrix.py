"""The table that administrators read is the policy that the API obeys."""

from pathlib import Path

from backend.access.access_matrix import people_may, programs_may, routes
from backend.access.security import POLICY, PUBLIC

DOCUMENT = Path(__file__).parents[3] / "docs" / "access.md"


def test_the_tables_in_the_document_are_those_of_the_policy() -> None:
    told = DOCUMENT.read_text(encoding="utf-8")
    assert people_may() in told, "paybatch token roles prints them anew"
    assert programs_may() in told, "paybatch token roles prints them anew"


def test_every_route_of_the_policy_is_in_one_of_them_and_says_what_it_does() -> None:
    told = dict(routes())
    assert set(told) == set(POLICY) | PUBLIC
    assert [route for route, what in told.items() if not what.endswith(".")] == []


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    for line in people_may().splitlines()[2:]:
        *_, viewer, planner, admin = (part.strip() for part in line.strip("| ").split("|"))
        assert [viewer, planner, admin] == sorted([viewer, planner, admin], reverse=True), line
        assert admin == "yes"

"""The catalogue of published settings, asked as a page and as a script would."""

from collections import Counter

import pytest

from backend.published.published_settings import published_settings
from backend.wire.codec import decode
from planner.plans.published_facts import PublishedFacts, PublishedState
from planner.schedules.schedule import plan_steps
from tests.support.installation import Api, problem

PATH = "/api/published-settings"


def found(api: Api, **query: object) -> tuple[PublishedState, ...]:
    return decode(tuple[PublishedState, ...], api.get(PATH, **query).json())


def test_all_fifty_nine_are_listed_in_the_order_of_their_publication(shared_api: Api) -> None:
    listed = found(shared_api)
    assert [state.setting for state in listed] == list(published_settings())
    # (i) 3 sets of 5 decays, (ii) 5 + 5 + 2, (iii) 3 + 6 + 1, (iv) 6 + 12 + 3 and plain SGD.
    cases = Counter(state.setting.case for state in listed)
    assert cases == {"i": 15, "ii": 12, "iii": 10, "iv": 22}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"search": "cosine"}, 5 + 3 + 6 + 1),
        ({"search": "COSINE tiny"}, 2),
        ({"search": "(iii) nshb"}, 4),
        ({"search": "iiduka"}, 59),
        ({"search": "adam"}, 0),
        ({"family": "growing_batch_constant_rate"}, 3),
        ({"data_set": "tiny-imagenet"}, 11),
        ({"momentum_form": "normalised"}, 30),
        ({"momentum_form": "normalised", "data_set": "cifar100", "search": "poly"}, 2),
    ],
)
def test_a_search_takes_every_word_and_filters_add_to_it(
    shared_api: Api, query: dict[str, str], count: int
) -> None:
    assert len(found(shared_api, **query)) == count


def test_one_setting_is_told_epoch_by_epoch_with_its_curve_and_its_theory(shared_api: Api) -> None:
    name = "nshb_tiny_imagenet/incr_bs_incr_lr/doubly_incr_lr_max1.0"
    facts = decode(PublishedFacts, shared_api.get(f"{PATH}/{name}").json())
    setting = facts.setting
    table = plan_steps(
        setting.schedule,
        training_samples=setting.training_samples,
        epochs=setting.epochs,
        form=setting.momentum_form,
    )
    assert len(facts.epochs.steps) == 300
    assert sum(facts.epochs.steps) == facts.plan.work.steps == table.steps == 1_190_190
    assert facts.epochs.batch_size == tuple(table.batch_size[list(facts.epochs.first_step)])
    assert [stage.batch_size for stage in facts.plan.stages] == [
        *(8, 10, 14, 22, 38, 70, 134, 261, 516, 1024)
    ]
    assert facts.plan.theory.family == "growing_batch_growing_rate"
    assert facts.plan.preview.step[-1] == table.steps - 1
    assert f"{name}.json" in setting.source
    assert "arXiv 2508.03105" in setting.source


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"family": "growing"}, "family"),
        ({"momentum_form": "adam"}, "momentum_form"),
        ({"search": "x" * 201}, "search"),
        ({"data_set": "x" * 201}, "data_set"),
    ],
)
def test_a_filter_that_is_none_is_refused_at_its_field(
    shared_api: Api, query: dict[str, str], field: str
) -> None:
    status, _, refused = problem(shared_api.get(PATH, **query))
    assert (status, refused) == (422, field)


@pytest.mark.parametrize("name", ["json_nshb", "json_nshb/../secret", "x" * 300])
def test_a_setting_that_nobody_published_is_not_found(shared_api: Api, name: str) -> None:
    answer = shared_api.get(f"{PATH}/{name}")
    assert answer.status_code == 404
    assert problem(answer)[1] in ("published_setting_not_found", "route_not_found")

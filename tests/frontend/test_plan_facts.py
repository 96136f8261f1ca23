from frontend.views.plan_facts import finish_unknown
from wording.catalogue import say


def test_a_finish_is_unknown_for_want_of_a_worker_or_else_of_a_measured_speed():
    said = [say(f"page.plan.{finish_unknown(workers=ready)}", "en") for ready in (0, 1)]
    assert said == ["no worker serves it now", "speed not measured here yet"]

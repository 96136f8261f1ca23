from base64 import b64decode
from re import findall, search

from frontend.figures.trace_markup import SIZE, Target, WentBack, frame_of, trace_markup
from planner.exchange.page_states import Trace
from wording.charts.palette import palette

COLOURS = palette(dark=False)


def drawn(trace, **changes):
    how = {"palette": COLOURS, "language": "en", "alt": "Curve", "steps_planned": 100} | changes
    return trace_markup(trace, **how)


def image_in(markup):
    return b64decode(search(r"base64,([^\"]+)", markup)[1]).decode()


def paths(markup):
    """What is drawn in the colour of the series."""
    return findall(rf'd="([^"]*)" stroke="{COLOURS.accent}"', image_in(markup))


def test_half_of_the_steps_are_half_of_the_width():
    (path,) = paths(drawn(Trace(steps=(0, 50), values=(1.0, 1.0))))
    assert path == f"M0.0 {SIZE / 2:.1f}L{SIZE * 50 / 100:.1f} {SIZE / 2:.1f}"


def test_a_value_that_is_not_finite_leaves_a_gap():
    (path,) = paths(drawn(Trace(steps=(0, 1, 2, 3), values=(1.0, None, 2.0, 1.0))))
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_the_target_is_in_the_frame_and_named_at_its_height():
    trace = Trace(steps=(0, 1), values=(2.0, 1.0))
    target = Target(value=0.5, name="target <0.5>")
    frame = frame_of(trace, 100, target)
    # 1.5 between the ends and 6 % of it on both sides.
    assert frame.low == 0.5 - 1.5 * 0.06
    assert frame.high == 2.0 + 1.5 * 0.06
    assert "target &lt;0.5&gt;" in drawn(trace, target=target)


def test_a_series_of_one_value_has_room_above_and_below():
    frame = frame_of(Trace(steps=(0,), values=(0.0,)), None, None)
    assert frame.low < 0 < frame.high
    assert frame.steps == 1


def test_points_are_marked_where_a_series_has_few():
    marked = paths(drawn(Trace(steps=(0, 50), values=(1.0, 2.0)), points=True))
    assert len(marked) == 2
    assert marked[1].count("h0") == 2


def test_numbers_are_text_in_the_language_of_the_reader_and_the_picture_has_words():
    markup = drawn(Trace(steps=(0, 2000), values=(0.0, 1.0)), steps_planned=3000, alt='"Loss"')
    assert ">1,000<" in markup
    assert 'alt="&quot;Loss&quot;"' in markup


def test_what_a_rollback_superseded_is_grey_and_broken_between_attempts():
    """Steps 40 to 60 of the first attempt, then 40 to 50 of the second: two strokes."""
    left = Trace(steps=(40, 60, 40, 50), values=(1.0, 2.0, 1.0, 1.5))
    back = WentBack(superseded=left, at_steps=(60, 50))
    markup = drawn(Trace(steps=(0, 40, 100), values=(2.0, 1.0, 0.5)), went_back=back)
    (grey,) = findall(rf'd="([^"]*)" stroke="{COLOURS.muted}"', image_in(markup))
    assert (grey.count("M"), grey.count("L")) == (2, 2)
    assert len(findall(rf'stroke="{COLOURS.caution}"', image_in(markup))) == 2
    assert markup.count("pb-trace-back") == 2


def test_a_loss_that_exploded_before_a_rollback_does_not_flatten_what_counts():
    back = WentBack(superseded=Trace(steps=(1, 2), values=(3.0, 1e9)))
    frame = frame_of(Trace(steps=(0, 5), values=(2.0, 1.0)), 10, None, back)
    assert frame.high == 3.0 + 2.0 * 0.06


def test_a_run_that_fell_back_on_fewer_steps_shows_where_it_left():
    back = WentBack(superseded=Trace(steps=(90,), values=(1.0,)), at_steps=(90,))
    assert frame_of(Trace(steps=(0,), values=(1.0,)), 80, None, back).steps == 90

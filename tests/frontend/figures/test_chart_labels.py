from frontend.figures.chart_labels import label_markup


def test_a_name_is_never_taken_for_markup():
    assert label_markup("<a href=x>", bold=False) == "&lt;a href=x&gt;"
    assert label_markup("today", bold=True) == "<b>today</b>"

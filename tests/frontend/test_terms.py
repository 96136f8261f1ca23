"""How words of the glossary are marked in headings and explained in fields."""

from frontend.components.terms import column_heads, help_of, marked


def test_the_known_part_of_a_label_opens_its_meaning_and_the_text_stays_what_it_was():
    assert marked("Payback so far <1>", "en") == (
        '<button class="pb-term" type="button" popovertarget="term-payback">Payback so far</button>'
        " &lt;1&gt;"
    )


def test_a_label_without_a_known_word_stays_text():
    assert marked("Last seen & noted", "en") == "Last seen &amp; noted"


def test_japanese_labels_are_marked_in_the_middle():
    assert marked("24か月間の純便益", "ja").startswith('24か月間の<button class="pb-term"')


def test_a_column_of_words_stands_to_the_left():
    heads = list(column_heads([("Reason", True), ("Steps", False)], "en"))
    assert heads[0] == '<th scope="col" class="pb-text">Reason</th>'
    assert heads[1].startswith('<th scope="col"><button class="pb-term"')


def test_a_field_is_explained_by_the_word_in_its_label():
    assert help_of("Discount rate a year (%)", "en") == (
        "**Discount rate** – By how much money of next year is worth less than money of today."
    )
    assert help_of("Name", "en") is None

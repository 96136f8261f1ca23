from wording.sentences import together


def test_a_space_parts_english_sentences_and_none_japanese_ones():
    assert together(["It pays back.", "", "Decide."]) == "It pays back. Decide."
    assert together(["回収できます。", "判断してください。"]) == "回収できます。判断してください。"
    assert together([]) == ""

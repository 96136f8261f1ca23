import pytest

from wording.language import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en;q=0.5, ja;q=0.6", "ja"),
        ("fr-FR, de;q=0.9, ja;q=0.1", "ja"),
        ("ja;q=0, en", "en"),
        ("JA", "ja"),
        ("jam", "en"),
        ("ja;q=much", "en"),
        (";;,,=;q", "en"),
    ],
)
def test_the_readers_first_choice_among_ours_is_spoken(header, language):
    assert preferred_language(header) == language

"""Python's reference text: the help on keywords and topics that every Python brings along."""

import hashlib
from functools import cache


@cache
def reference_text() -> str:
    """All topics in the order of their names, each paragraph once.

    Topics share paragraphs; one that came twice could be trained on and then be validated.
    """
    # Imported here: it is half a megabyte that most trainers never need.
    from pydoc_data.topics import topics

    paragraphs = dict.fromkeys(
        paragraph
        for name in sorted(topics)
        for paragraph in topics[name].split("\n\n")
        if paragraph.strip()
    )
    return "\n\n".join(paragraphs)


@cache
def reference_text_hash() -> str:
    """First 8 hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(reference_text().encode()).hexdigest()[:8]

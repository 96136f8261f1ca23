"""What a page says, to eyes and to ears, in another language than the one it is shown in."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from playwright.sync_api import Page

from tests.contract.programs import ApiProcess

_SAID = """() => {
    const said = new Set();
    const keep = words => { if (words && words.trim()) said.add(words.trim()); };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (node.parentElement.closest('script, style, noscript, code, pre, canvas')) continue;
        if (node.parentElement.closest('[data-testid^="stIcon"], [translate="no"]')) continue;
        keep(node.data);
    }
    for (const element of document.body.querySelectorAll('*')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
            keep(element.getAttribute(name));
    }
    return [...said];
}"""
"""Every text of the page, also of what is folded up, and every name that is read aloud."""

NAMES = (
    *(
        "Paybatch",
        "paybatch up",
        "paybatch token make",
        "English",
        "PyTorch",
        "Lightning",
        "Hugging Face",
        "Megatron",
    ),
    *("Composer", "OLMo", "Python", "SkyPilot", "MLPerf Training", "ResNet", "H100"),
    *("PowerPoint", "Excel"),
    *("DAWNBench", "MLflow", "TensorBoard", "Weights & Biases", "Asia/Tokyo"),
)
"""Products and proper names, which every language keeps."""

TERMS = (
    *("PDF", "PPTX", "XLSX", "HTML", "HTTP", "IT"),
    *("CSV", "JSON", "YAML", "GPU", "CPU", "PUE", "UTC", "API", "ID", "USD", "JPY", "CO2"),
    *("HTTPS", "TLS", "Webhook", "kB", "MiB", "GiB", "zip", "ISO"),
    *("kWh", "kg", "ms", "GB", "MB", "float32", "bfloat16", "SGD", "SGDM", "ROI", "NPV", "IRR"),
)
"""Units, currencies, abbreviations and a folder, which every language keeps."""

_KEYS = frozenset(
    {
        *("id", "name", "workload", "device", "vendor", "source", "data_set", "versions"),
        *("entered_by", "store_url"),
    }
)
_KNOWN_AT = (
    "pilots",
    "prices",
    "workers",
    "throughput",
    "drafts",
    "examples",
    "workloads",
    "me",
    "tokens",
)

_LIBRARY = r"\d+ options? available\."
"""What Streamlit tells those who listen about a list that opens; it is in no catalogue of ours."""

_CODE = r"https?://\S+|[\w.+-]*[_/\d][\w./+-]*"
_LATIN = re.compile(r"[A-Za-z]{2,}")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def users_words(api: ApiProcess) -> tuple[str, ...]:
    """What people and price lists named themselves; pages show it as it is in any language."""
    told = {words for path in _KNOWN_AT for words in _named(api.get(f"/api/{path}"))}
    for case in api.get("/api/worked-cases"):
        told |= {row["training"]["source"] for row in case["rows"]}
    for found in api.get("/api/published-settings"):
        setting = found["setting"]
        told |= {setting["source"], setting["data_set"], setting["id"]}
        told.add(f"({setting['case']}) {setting['schedule']['name']}")
    return tuple(sorted(filter(_LATIN.search, told), key=len, reverse=True))


def untranslated(page: Page, language: str, known: Iterable[str]) -> list[str]:
    """Texts that are in the other language, without what people and products are called.

    Args:
        page: Drawn in ``language``.
        language: English may hold no Japanese letter but the language's own name; Japanese
            may hold no Latin word but names, units, codes and what is ``known``.
        known: Of `users_words`.
    """
    said = list(page.evaluate(_SAID))
    if language == "en":
        switch = ("Language / 言語", "日本語")
        return [words for words in said if words not in switch and _JAPANESE.search(words)]
    kept = re.compile(
        "|".join([*map(re.escape, known), *map(_word, (*NAMES, *TERMS)), _LIBRARY, _CODE]), re.ASCII
    )
    rest = {words: kept.sub(" ", words) for words in said}
    return [words for words in rest if words != "Language / 言語" and _LATIN.search(rest[words])]


def _word(name: str) -> str:
    return rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])"


def _named(answer: Any) -> Iterator[str]:
    """Every name in an answer of the API."""
    if isinstance(answer, list):
        for part in answer:
            yield from _named(part)
    elif isinstance(answer, dict):
        for key, part in answer.items():
            if key in _KEYS and isinstance(part, str):
                yield part
            else:
                yield from _named(part)

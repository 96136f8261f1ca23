"""YAML as people mean it, the same for files of commands and for texts sent to the API."""

import re
from collections.abc import Hashable
from typing import Any

import yaml


class PlainLoader(yaml.SafeLoader):
    """YAML without surprises: days stay text, 1e-3 is a number, a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping of which no key is stated twice."""
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} is stated twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_REPLACED_TAGS = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _REPLACED_TAGS]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# YAML 1.1 reads 1e-3 as text, because its exponent needs a dot and a sign; JSON's numbers do not.
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?$|[-+]?\.inf$|\.nan$", re.IGNORECASE),
    list("-+0123456789."),
)


class SpelledOutLoader(PlainLoader):
    """YAML in which nothing stands for something else: a short text holds no endless value."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; one that stands for another is refused."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias is not read here", mark)
        found: yaml.Node | None = super().compose_node(parent, index)
        return found


class PlainDumper(yaml.SafeDumper):
    """YAML that is read back as it was, also where a text has a line break of Unicode in it."""


_BREAKS = re.compile("[\x85\u2028\u2029]")


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _BREAKS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


PlainDumper.add_representer(str, _text)


def written(data: object) -> str:
    """A file of mappings, lists, texts and numbers, in their order."""
    text: str = yaml.dump(data, Dumper=PlainDumper, allow_unicode=True, sort_keys=False)
    return text

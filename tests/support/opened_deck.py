"""A deck opened for reading: its parts, its slides, its charts and their workbooks."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class OpenedDeck:
    """The file of a deck."""

    file: bytes

    @cached_property
    def slides(self) -> list[Any]:
        return list(Presentation(io.BytesIO(self.file)).slides)

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with ZipFile(io.BytesIO(self.file)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def trees(self, *folders: str) -> dict[str, Any]:
        """The XML of parts below folders such as ``ppt/slides/``."""
        return {
            name: etree.fromstring(body)
            for name, body in self.parts.items()
            if name.startswith(folders) and name.endswith(".xml")
        }

    def charts(self) -> dict[str, dict[str, list[tuple[float | None, float]]]]:
        """Points of every series of every scatter chart, by the chart's title."""
        return {
            frame.name: {
                _name(series): list(
                    zip(_numbers(series, "xVal"), _numbers(series, "yVal"), strict=True)
                )
                for series in frame.chart._chartSpace.iter(f"{C}ser")
            }
            for slide in self.slides
            for frame in slide.shapes
            if frame.has_chart and frame.chart._chartSpace.find(f".//{C}scatterChart") is not None
        }

    def workbooks(self) -> list[Any]:
        return [
            load_workbook(io.BytesIO(body))
            for name, body in self.parts.items()
            if name.endswith(".xlsx")
        ]

    def texts(self) -> str:
        """Everything that is written on slides."""
        return "\n".join(
            "".join(found.text or "" for found in one.iter(f"{A}t"))
            for tree in self.trees("ppt/slides/slide").values()
            for one in tree.iter(f"{A}p")
        )

    def notes(self) -> list[str]:
        return [slide.notes_slide.notes_text_frame.text for slide in self.slides]


def _name(series: Any) -> str:
    return str(series.find(f"{C}tx").find(f".//{C}v").text)


def _numbers(series: Any, axis: str) -> list[float]:
    return [float(found.text) for found in series.find(f"{C}{axis}").iter(f"{C}v")]

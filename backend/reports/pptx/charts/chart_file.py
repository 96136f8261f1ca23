"""A whole chart as PowerPoint stores it: a part of XML and a workbook."""

from dataclasses import dataclass

from backend.reports.pptx.charts.axes import NUMBERS
from backend.reports.pptx.charts.sheet import Sheet
from backend.reports.pptx.typeset import TAGS, characters
from wording.language import Language

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The part of a chart that lies within its axes, as shares of the whole."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFile:
    """A chart in the two forms that a presentation asks for.

    Attributes:
        xml: The part.
        xlsx_blob: Its workbook; PowerPoint opens it when somebody edits the numbers.
    """

    xml: str
    xlsx_blob: bytes

    def xml_bytes(self, _chart_type: object = None) -> bytes:
        """The part as bytes, under the name by which python-pptx asks for it."""
        return self.xml.encode()


def chart_file(sheet: Sheet, room: Room, plots_and_axes: str, language: Language) -> ChartFile:
    """A chart without a title or a legend: those are texts of the slide and labels of lines."""
    xml = (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
        f'<c:chartSpace {_SPACES}><c:date1904 val="0"/><c:lang val="{TAGS[language]}"/>'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/>'
        '<c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{room.left:.5f}"/><c:y val="{room.top:.5f}"/>'
        f'<c:w val="{room.width:.5f}"/><c:h val="{room.height:.5f}"/></c:manualLayout></c:layout>'
        f"{plots_and_axes}<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{characters('defRPr', NUMBERS, language)}"
        f"</a:pPr>{characters('endParaRPr', NUMBERS, language)}</a:p></c:txPr></c:chartSpace>"
    )
    return ChartFile(xml=xml, xlsx_blob=sheet.xlsx())

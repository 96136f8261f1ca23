"""The theme of a deck: our colours, and both typefaces for every text that states none."""

from backend.reports.pptx.typeset import FACES, colour
from wording.charts.palette import LIGHT

_SCRIPTS = f'{FACES}<a:font script="Jpan" typeface="Yu Gothic"/>'

_ACCENTS = (LIGHT.accent, *LIGHT.others)
"""Six, as the format asks for."""


def theme_xml(name: str) -> bytes:
    """A theme of Office with light surfaces."""
    ink = "".join(
        f"<a:{place}>{colour(value)}</a:{place}>"
        for place, value in (
            ("dk1", LIGHT.text),
            ("lt1", LIGHT.surface),
            ("dk2", LIGHT.muted),
            ("lt2", LIGHT.soft),
            *((f"accent{number}", value) for number, value in enumerate(_ACCENTS, start=1)),
            ("hlink", LIGHT.accent),
            ("folHlink", LIGHT.muted),
        )
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    rule = f'<a:ln w="9525">{fill}</a:ln>'
    plain = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'name="{name}"><a:themeElements><a:clrScheme name="{name}">{ink}</a:clrScheme>'
        f'<a:fontScheme name="{name}"><a:majorFont>{_SCRIPTS}</a:majorFont>'
        f"<a:minorFont>{_SCRIPTS}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="{name}"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{rule * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{plain * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        "<a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    ).encode()

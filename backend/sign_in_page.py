"""The page for a link that no longer signs anybody in."""

from html import escape

from wording.catalogue import say
from wording.language import Language

COMMAND = "paybatch open"

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.6 "Source Sans 3", "Noto Sans JP", system-ui, sans-serif;
       max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }}
h1 {{ font-size: 1.5rem; }}
code {{ font-size: 1.1rem; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{reason}</p>
<p>{advice}</p>
<p><code>{command}</code></p>
</main>
</body>
</html>
"""


def sign_in_refused(language: Language) -> str:
    """Says how to get another link."""
    return _PAGE.format(
        language=language,
        title=escape(say("sign_in.refused", language)),
        reason=escape(say("sign_in.reason", language)),
        advice=escape(say("sign_in.advice", language)),
        command=COMMAND,
    )

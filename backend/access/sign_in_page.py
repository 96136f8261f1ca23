"""The pages for a browser that could not be signed in."""

from html import escape

from backend.oidc.refused import Reason
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
{next}
</main>
</body>
</html>
"""

_TOLD: dict[Reason, str] = {
    "role_missing": "role_missing",
    "provider_unreachable": "unreachable",
    "state_wrong": "late",
    "state_used": "late",
    "provider_said_no": "said_no",
}
"""Reasons that whoever signs in can do something about; the others are for an administrator."""


def sign_in_refused(language: Language) -> str:
    """Says how to get another link."""
    advice = escape(say("sign_in.advice", language))
    return _PAGE.format(
        language=language,
        title=escape(say("sign_in.refused", language)),
        reason=escape(say("sign_in.reason", language)),
        next=f"<p>{advice}</p>\n<p><code>{COMMAND}</code></p>",
    )


def team_sign_in_refused(language: Language, reason: Reason, *, again: str) -> str:
    """Says what the provider's answer lacked, and offers another try."""
    told = _TOLD.get(reason, "unsure")
    link = f'<a href="{escape(again)}">{escape(say("sign_in.again", language))}</a>'
    return _PAGE.format(
        language=language,
        title=escape(say("sign_in.team_refused", language)),
        reason=escape(say(f"sign_in.team_{told}", language, reason=reason)),
        next=f"<p>{link}</p>",
    )

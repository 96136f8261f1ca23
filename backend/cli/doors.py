"""What ``paybatch doctor`` says about who may come in, and where what is kept goes."""

import stat
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from backend.access.security import load_credentials
from backend.cli import inspection
from backend.cli.client import Client
from backend.cli.finding import Finding
from backend.cli.installation import address
from backend.clock import Clock
from backend.oidc.set_up import provider_of
from backend.settings import Settings
from paybatch import Refused, Unreachable
from planner.exchange.access import AccessSummary, HeldBy
from planner.exchange.loopback import is_loopback
from planner.exchange.webhooks import WebhookState
from planner.refusal import Refusal

Value = TypeVar("Value")

ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
"""Modes of PostgreSQL's own client that never fall back on a connection in clear text."""


def check_hosts(settings: Settings) -> Finding:
    """Under which names the API answers, and whether people use one of these."""
    answered = settings.answered_hosts
    used = (settings.origin, settings.page_url, settings.oidc_redirect_url)
    names = {urlsplit(url).hostname or "" for url in used if url is not None}
    missing = sorted(names - answered)
    if missing:
        return Finding(key="hosts", outcome="problem", params={"missing": ", ".join(missing)})
    return Finding(key="hosts", outcome="ok", params={"hosts": ", ".join(sorted(answered))})


def check_credentials(settings: Settings) -> Finding:
    """Who can read the first tokens."""
    path = settings.credentials_path
    outcome = "ok"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        outcome = "problem"
    return Finding(key="credentials", outcome=outcome, params={"path": str(path.resolve())})


def check_database(settings: Settings) -> Finding:
    """Where the truth is kept, without a password, and whether it travels in clear text."""
    if settings.database_url is None:
        place = str(settings.database_path.resolve())
        return Finding(key="database", outcome="ok", params={"place": place})
    try:
        parts = urlsplit(settings.database_url)
        host, name, query = parts.hostname or "", parts.path.lstrip("/"), parse_qs(parts.query)
    except ValueError:
        host, name, query = "", "", {}
    params: dict[str, str | float] = {"host": host, "name": name}
    encrypted = query.get("sslmode", [""])[0] in ENCRYPTED
    if encrypted:
        return Finding(key="database", outcome="encrypted", params=params)
    here = not host or is_loopback(host)
    return Finding(key="database", outcome="server" if here else "problem", params=params)


def check_sign_in(settings: Settings) -> Finding:
    """In which ways people sign in."""
    try:
        provider = provider_of(settings, Clock())
    except Refusal as refusal:
        params: dict[str, str | float] = {"setting": f"PAYBATCH_{refusal.field.upper()}"}
        return Finding(key="sign_in", outcome="problem", params=params)
    if provider is None:
        return Finding(key="sign_in", outcome="ok")
    told: dict[str, str | float] = {
        "issuer": provider.client.issuer,
        "redirect": provider.client.redirect_url,
    }
    return Finding(key="sign_in", outcome="provider", params=told)


def check_people(settings: Settings) -> Finding:
    """How many people, tokens and sessions there are by role, and until when."""
    if inspection.running_version(settings) is None:
        return Finding(key="people", outcome="stopped")
    summary = _asked(settings, AccessSummary, "/api/access")
    if summary is None:
        return Finding(key="people", outcome="problem")
    params: dict[str, str | float] = {
        "people": _counts(summary.people),
        "tokens": _counts(summary.tokens),
        "sessions": _counts(summary.sessions),
    }
    return Finding(key="people", outcome="ok", params=params)


def check_webhook(settings: Settings) -> Finding:
    """Where notifications are sent; never the whole address, which may hold a secret."""
    if inspection.running_version(settings) is None:
        return Finding(key="webhook", outcome="stopped")
    state = _asked(settings, WebhookState, "/api/webhook")
    if state is None:
        return Finding(key="webhook", outcome="problem")
    host = urlsplit(state.url).hostname or "" if state.on else ""
    return Finding(key="webhook", outcome="ok" if host else "off", params={"host": host})


def _asked(settings: Settings, kind: type[Value], path: str) -> Value | None:
    """What the API that runs here tells its owner; None where it refuses."""
    try:
        credentials = load_credentials(settings.credentials_path)
        if credentials is None:
            return None
        with Client(address(settings), credentials.admin_token) as client:
            return client.connection.send(kind, "GET", path)
    except (Refused, Unreachable, OSError):
        return None


def _counts(held: Sequence[HeldBy]) -> str:
    """Numbers by role: how many, how many of them for ever, and the day on which the first ends."""
    return ", ".join(map(_count, held)) or "0"


def _count(held: HeldBy) -> str:
    ends = "" if held.first_ends_at is None else f" → {held.first_ends_at.date().isoformat()}"
    for_ever = f" (∞ {held.never_expire})" if held.never_expire else ""
    return f"{held.role} {held.number}{for_ever}{ends}"

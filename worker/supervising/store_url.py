"""Which store an address names, written one way only: equal names are the same store."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from worker.supervising.store import FolderStore, Store

_S3 = {"s3": "s3", "s3a": "s3"}
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_FOLDERS = frozenset({"file", "local"})
_NO_STORES = frozenset({"memory", "http", "https", "data"})
"""What ends with the worker, or cannot be written."""


class StoreRefused(ValueError):
    """The address names no store that checkpoints can be kept in; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreUrl:
    """A place that is no folder of this computer.

    Attributes:
        protocol: As fsspec names it.
        root: Bucket and prefix, without a slash at either end.
        endpoint: Address of an S3 service that is not AWS's; empty where it is.
    """

    protocol: str
    root: str
    endpoint: str = ""

    @property
    def text(self) -> str:
        """The one way to write it; it holds no secret."""
        named = f"{self.protocol}://{quote(self.root)}"
        return f"{named}?endpoint={quote(self.endpoint, safe=':/')}" if self.endpoint else named


def is_folder(given: str) -> bool:
    """Whether an address names a folder of some computer, and no place that all may reach."""
    return "://" not in given or urlsplit(given).scheme.lower() in _FOLDERS


def open_store(given: str, *, environment: Mapping[str, str] = os.environ) -> Store:
    """The store that somebody named: a path of a folder, or an address that fsspec knows.

    Raises:
        StoreRefused: It names none, or carries a secret.
    """
    if "://" not in given:
        return _folder_store(Path(given))
    parts = urlsplit(given)
    if is_folder(given):
        _check_plain(given)
        if parts.netloc not in ("", "localhost"):
            raise StoreRefused("file:// is followed by a path that begins with a slash")
        return _folder_store(Path(unquote(parts.path)))
    url = store_url(given, environment=environment)
    # Imported here: what speaks to clouds is an extra, and costs a worker on a folder nothing.
    try:
        from worker.supervising.object_store import open_object_store

        return open_object_store(url)
    except (ImportError, ValueError) as error:
        raise StoreRefused(
            f"{url.protocol}:// is not known here, or its package is not installed ({error}); "
            'for s3:// install Paybatch with the extra "s3"'
        ) from error


def _folder_store(folder: Path) -> Store:
    """A folder that is there: one made here may hide another computer's, not yet mounted."""
    if not folder.is_dir():
        raise StoreRefused(f"the folder {folder} does not exist; make it once, where its disk is")
    return FolderStore(folder)


def store_url(given: str, *, environment: Mapping[str, str]) -> StoreUrl:
    """An address in its parts.

    Raises:
        StoreRefused: It names no store, or carries a secret.
    """
    _check_plain(given)
    parts = urlsplit(given)
    protocol = _S3.get(parts.scheme.lower(), parts.scheme.lower())
    if protocol in _NO_STORES:
        raise StoreRefused(f"{protocol}:// keeps no checkpoints")
    if not parts.netloc:
        raise StoreRefused("the address has no bucket, as in s3://bucket/folder")
    names = [parts.netloc, *(unquote(name) for name in parts.path.split("/") if name)]
    if {".", ".."} & set(names):
        raise StoreRefused("the address has . or .. in its path")
    return StoreUrl(
        protocol=protocol,
        root="/".join(names),
        endpoint=_endpoint(parts.query, environment) if protocol == "s3" else "",
    )


def _check_plain(given: str) -> None:
    """Refuses what fsspec would understand and nobody should write."""
    parts = urlsplit(given)
    if "@" in parts.netloc:
        raise StoreRefused("the address carries a name or a key: these come from the environment")
    if "::" in given or parts.fragment:
        raise StoreRefused("the address is more than a protocol, a bucket and a folder")
    unknown = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - {"endpoint"}
    if unknown:
        raise StoreRefused("the address may say endpoint=, and nothing else, behind its ?")


def _endpoint(query: str, environment: Mapping[str, str]) -> str:
    """The S3 service, from the address or as AWS's own programs are told; empty for AWS."""
    told = dict(parse_qsl(query)).get("endpoint", "")
    named = told or next((environment[name] for name in _ENDPOINTS if environment.get(name)), "")
    if not named:
        return ""
    parts = urlsplit(named)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreRefused("the endpoint is an address that begins with http:// or https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise StoreRefused("the endpoint carries more than an address")
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", ""))

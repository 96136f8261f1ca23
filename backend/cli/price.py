"""``paybatch price``: the price book of a running Paybatch."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from backend.cli import price_calls
from backend.cli.connection import connect, url_option
from backend.cli.files import read_text, write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from planner.economics.rates import RateKind, SpotTerms
from planner.exchange.price_states import PriceEntry, PriceImport
from planner.money import Money
from wording.language import Language

KINDS = tuple(kind for kind in get_args(RateKind) if kind != "own")


@click.group()
def price() -> None:
    """Lists, enters, imports and retires prices of devices; nothing is ever overwritten."""


@price.command(
    "list", epilog="\b\nExample:\n  paybatch price list --device 'H100 SXM' --kind on_demand"
)
@click.option("--kind", type=click.Choice(KINDS), default=None, help="Only this kind.")
@click.option("--device", default=None, help="Only this device.")
@click.option("--search", default="", help="Words in name, device, vendor, region or source.")
@url_option
@language_option
def list_prices(
    kind: RateKind | None, device: str | None, search: str, url: str | None, language: Language
) -> None:
    """Lists rows with their age in days, as JSON; one that is undated has none."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        found = price_calls.book(client, kind=kind, device=device, search=search)
        write_json([encode(state) for state in found], None)


@price.command(
    epilog="\b\nExample:\n  paybatch price add our-h100 --device 'H100 SXM' --vendor Ours "
    "--kind reserved --price 2.2 --source 'contract 17'"
)
@click.argument("price_id")
@click.option("--device", default="", help="As throughput curves call it.")
@click.option("--vendor", default="", help="Who sells it.")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="How it is paid for.")
@click.option("--price", "amount", type=float, required=True, help="Of a device-hour.")
@click.option("--currency", default="USD", show_default=True, help="Of --price.")
@click.option("--source", required=True, help="Where it was read.")
@click.option("--as-of", default=None, help="Day on which it was read; today without it.")
@click.option("--region", default="", help="Where the device stands.")
@click.option("--interruptions", type=float, default=None, help="Of a spot device, per hour.")
@click.option("--checkpoint-interval", type=float, default=1.0, help="Hours, of a spot device.")
@click.option("--restart", type=float, default=0.0, help="Hours, of a spot device.")
@click.option("--replace", is_flag=True, help="The row exists and gets another price.")
@url_option
@language_option
def add(
    price_id: str,
    device: str,
    vendor: str,
    kind: RateKind,
    amount: float,
    currency: str,
    source: str,
    as_of: str | None,
    region: str,
    interruptions: float | None,
    checkpoint_interval: float,
    restart: float,
    replace: bool,
    url: str | None,
    language: Language,
) -> None:
    """Enters a price under the name PRICE_ID; with --replace another one of a row."""
    del language  # only refusals are told in a language here
    spot = None
    if interruptions is not None:
        spot = SpotTerms(
            interruptions_per_device_h=interruptions,
            checkpoint_interval_h=checkpoint_interval,
            restart_h=restart,
        )
    entry = PriceEntry(
        id=price_id,
        device=device or price_id,
        vendor=vendor,
        kind=kind,
        rent_per_gpu_hour=Money(amount=amount, currency=currency),
        as_of=as_of or _today(),
        source=source,
        region=region,
        spot=spot,
    )
    with connect(url, current_settings()) as client:
        send = price_calls.replace if replace else price_calls.enter
        made = send(client, entry)
        write_json(encode(made), None)


@price.command(
    "import",
    epilog="\b\nExample:\n  paybatch price import aws.csv --vendor AWS --as-of 2026-11-20 "
    "--region us-east-1 --device H100",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--vendor", required=True, help="Whose catalogue it is.")
@click.option("--as-of", required=True, help="Day of the catalogue.")
@click.option("--source", default=None, help="Where it comes from; the file's name without it.")
@click.option("--region", "regions", multiple=True, help="Only this region; can be repeated.")
@click.option("--device", "devices", multiple=True, help="Only this device; can be repeated.")
@url_option
@language_option
def import_catalogue(
    file: Path,
    vendor: str,
    as_of: str,
    source: str | None,
    regions: tuple[str, ...],
    devices: tuple[str, ...],
    url: str | None,
    language: Language,
) -> None:
    """Imports FILE, a SkyPilot catalogue in CSV: every price, or none if a line is wrong."""
    del language  # only refusals are told in a language here
    given = PriceImport(
        text=read_text(file),
        vendor=vendor,
        as_of=as_of,
        source=source or file.name,
        regions=regions,
        devices=devices,
    )
    with connect(url, current_settings()) as client:
        write_json(encode(price_calls.import_catalogue(client, given)), None)


@price.command(epilog="\b\nExample:\n  paybatch price retire our-h100 --reason 'contract ended'")
@click.argument("price_id")
@click.option("--reason", default="", help="Kept with the row.")
@url_option
@language_option
def retire(price_id: str, reason: str, url: str | None, language: Language) -> None:
    """Takes a row out of the book from today on; reviews of earlier days keep it."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json(encode(price_calls.retire(client, price_id, reason=reason)), None)


def _today() -> str:
    return datetime.now(tz=UTC).date().isoformat()

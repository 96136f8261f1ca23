"""The group that holds every command."""

import atexit
import gc

import click

from backend.cli.audit import audit
from backend.cli.backup import backup, restore
from backend.cli.data import data
from backend.cli.doctor import doctor
from backend.cli.economics import economics
from backend.cli.gate import gate
from backend.cli.imports import import_
from backend.cli.migrate import migrate_to
from backend.cli.options import RefusingGroup
from backend.cli.pilot import pilot
from backend.cli.pilot_export import export
from backend.cli.price import price
from backend.cli.production import production
from backend.cli.project import project
from backend.cli.report import report
from backend.cli.retention import retention
from backend.cli.review import review
from backend.cli.schedule import schedule
from backend.cli.schema import schema
from backend.cli.serve import api, up, worker
from backend.cli.sign_in import open_page
from backend.cli.token import token
from backend.cli.webhook import webhook
from backend.cli.workload import workload


@click.group(cls=RefusingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paybatch")
def main() -> None:
    """Measures whether a different learning-rate and batch-size schedule pays for itself."""
    atexit.register(gc.freeze)  # else Python takes seconds to take apart what ends anyway


for command in (
    api,
    audit,
    backup,
    data,
    doctor,
    economics,
    gate,
    import_,
    migrate_to,
    open_page,
    pilot,
    price,
    production,
    project,
    report,
    restore,
    retention,
    review,
    schedule,
    schema,
    token,
    up,
    webhook,
    worker,
    workload,
):
    main.add_command(command)

pilot.add_command(export)

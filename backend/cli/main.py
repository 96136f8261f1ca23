"""The group that holds every command."""

import click

from backend.cli.economics import economics
from backend.cli.options import RefusingGroup
from backend.cli.project import project
from backend.cli.schedule import schedule
from backend.cli.schema import schema


@click.group(cls=RefusingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paybatch")
def main() -> None:
    """Measures whether a different learning-rate and batch-size schedule pays for itself."""


for command in (economics, project, schedule, schema):
    main.add_command(command)

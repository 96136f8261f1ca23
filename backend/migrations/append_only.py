"""Triggers that let rows of a table be added and nothing else, in the dialect of the database."""

from alembic import op

CHANGES = ("UPDATE", "DELETE")


def protect(table: str) -> None:
    """Refuses every change and removal of a row of ``table``."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in postgresql(table):
            op.execute(statement)
        return
    for change in CHANGES:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        )


def unprotect(table: str) -> None:
    """Takes the triggers away, before the table is."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_refuse_change ON {table}")
        op.execute(f"DROP FUNCTION {table}_refuse_change()")
        return
    for change in CHANGES:
        op.execute(f"DROP TRIGGER {table}_refuse_{change.lower()}")


def postgresql(table: str) -> tuple[str, str]:
    """The function that refuses, and the trigger that calls it."""
    name = f"{table}_refuse_change"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} are append-only'; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )

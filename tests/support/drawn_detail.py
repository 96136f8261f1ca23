"""Detail of runs that is only drawn while somebody looks, as old pilots have it."""

from sqlalchemy import text

from tests.support.installation import Api


def add_detail(api: Api, pilot_id: str, *, parts: int = 1) -> None:
    """Parts of the curve that is drawn while somebody looks, for each run."""
    insert = text(
        "INSERT INTO chunks SELECT run_id, attempt, 'watch', :number, first_step, last_step,"
        " points, columns, steps, samples, minima, maxima FROM chunks"
        " WHERE run_id = :run_id AND series_group = 'evaluation' AND number = 0"
    )
    rows = [
        {"run_id": run.id, "number": number}
        for run in api.runs(pilot_id)
        for number in range(parts)
    ]
    with api.installation.database.write() as session, session.begin():
        session.execute(insert, rows)

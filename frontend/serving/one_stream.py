"""Every line of the page's program goes one way, those of the libraries it is built on included."""

import logging


class _HandedOn(logging.Logger):
    """A logger that has no stream of its own, whatever is attached to it."""

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802  # as logging calls it
        """Hands a record to whoever writes all others."""
        logging.getLogger().callHandlers(record)


def write_all_lines_alike() -> None:
    """Takes away the streams that libraries gave their loggers, and those that they will give."""
    logging.setLoggerClass(_HandedOn)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True

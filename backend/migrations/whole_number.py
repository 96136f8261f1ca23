"""The type of every column of whole numbers since revision 0009."""

import sqlalchemy as sa

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits; SQLite has one kind only, and numbers its rows by the name INTEGER alone."""

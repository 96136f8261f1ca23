"""A schedule to take home: as code for other trainers, each file with a table and a self-test."""

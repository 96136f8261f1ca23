"""Files of trackers, written byte by byte as their programs write them."""

import json
import sqlite3
import struct
import zlib

from backend.imports.crc32c import crc32c, masked


def varint(number):
    out = b""
    while number >= 0x80:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def held(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def record(data):
    length = struct.pack("<Q", len(data))
    heads = length + struct.pack("<I", masked(crc32c(length)))
    return heads + data + struct.pack("<I", masked(crc32c(data)))


def event(step, at_s, value):
    scalar = held(1, b"loss") + b"\x15" + struct.pack("<f", value)
    return b"\x09" + struct.pack("<d", at_s) + b"\x10" + varint(step) + held(5, held(1, scalar))


def history(step, loss):
    items = {"_step": step, "_timestamp": 100 + step, "_runtime": step / 2, "loss": loss}
    parts = [
        held(1, held(1, k.encode()) + held(16, json.dumps(v).encode())) for k, v in items.items()
    ]
    return held(2, b"".join(parts))


def wandb_file(*records):
    blocks = b":W&B\xe1\xbe\x00"
    for data in records:
        checksum = zlib.crc32(data, zlib.crc32(b"\x01"))
        blocks += struct.pack("<IHB", checksum, len(data), 1) + data
    return blocks


SCHEMA = """
CREATE TABLE experiments (experiment_id, name);
CREATE TABLE runs (run_uuid, name, status, start_time, lifecycle_stage);
CREATE TABLE params (key, value, run_uuid);
CREATE TABLE tags (key, value, run_uuid);
INSERT INTO runs VALUES ('r', 'one', 'KILLED', 10000, 'active');
"""
METRICS = "CREATE TABLE metrics (key, value, timestamp, run_uuid, step, is_nan)"
LOGGED = """;
INSERT INTO metrics VALUES ('loss', 2.0, 11000, 'r', 1, 0);
INSERT INTO metrics VALUES ('loss', 0.0, 12000, 'r', 2, 1);
"""


def mlflow_database(path, metrics=METRICS + LOGGED):
    database = sqlite3.connect(path)
    database.executescript(SCHEMA + metrics)
    database.close()
    return path

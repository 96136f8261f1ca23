"""An S3 service of the tests' own, as a program that only this computer reaches."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
import httpx

from tests.support.processes import free_port, wait_until

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIATESTKEYOFPAYBATCH",
    "AWS_SECRET_ACCESS_KEY": "test-secret-key-that-nobody-may-read",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What a worker's environment holds to be let in."""

BUCKET = "checkpoints"


@dataclass(frozen=True)
class ObjectServer:
    """A running service with one bucket."""

    url: str
    process: subprocess.Popen[bytes]

    def store(self, folder: str) -> str:
        """The address of a store in it, as somebody gives it to a worker."""
        return f"s3://{BUCKET}/{folder}?endpoint={self.url}"

    def names(self, folder: str) -> list[str]:
        """Names of all objects of a store, as anybody sees them who lists the bucket."""
        query = {"list-type": "2", "prefix": f"{folder}/", "max-keys": "1000"}
        listed = httpx.get(f"{self.url}/{BUCKET}", params=query).raise_for_status().text
        return [one.partition("</Key>")[0] for one in listed.split("<Key>")[1:]]

    def put(self, name: str, content: bytes) -> None:
        """Writes one object past every store."""
        client = boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        client.put_object(Bucket=BUCKET, Key=name, Body=content)
        client.close()

    def empty(self) -> None:
        """Takes everything away, the bucket included."""
        httpx.post(f"{self.url}/moto-api/reset").raise_for_status()


@contextmanager
def an_object_server(host: str = "127.0.0.1") -> Iterator[ObjectServer]:
    """Starts one with an empty bucket; what it holds is gone with it."""
    url = f"http://{host}:{free_port()}"
    port = url.rpartition(":")[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", host, "-p", port],
        env=os.environ | KEYS,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _answers(url), what="an S3 service of the tests")
        httpx.put(f"{url}/{BUCKET}").raise_for_status()
        yield ObjectServer(url=url, process=process)
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False

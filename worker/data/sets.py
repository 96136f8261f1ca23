"""The data sets that do not come with the installation: files, sizes, checksums, licences."""

import re
from dataclasses import dataclass

_MD5 = re.compile(r"[0-9a-f]{32}")

_ZALANDO = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
_TORONTO = "https://www.cs.toronto.edu/~kriz"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file as its authors publish it.

    Attributes:
        name: In its folder.
        url: Where its authors offer it.
        size_bytes: As published, packed.
        md5: As its authors publish it; guards against a damaged transfer.
    """

    name: str
    url: str
    size_bytes: int
    md5: str

    def __post_init__(self) -> None:
        if self.size_bytes < 1 or not _MD5.fullmatch(self.md5):
            raise ValueError(f"{self.name} needs a size and a checksum")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A published data set.

    Attributes:
        name: In commands; its folder has this name, too.
        title: As its authors call it.
        licence: What its authors allow.
        source: Page that states files and checksums.
        files: All of them are needed.
        debian_package: That installs the same files; empty if there is none.
    """

    name: str
    title: str
    licence: str
    source: str
    files: tuple[DataFile, ...]
    debian_package: str = ""

    @property
    def size_bytes(self) -> int:
        """Of all files, packed."""
        return sum(file.size_bytes for file in self.files)


def _fashion(name: str, size_bytes: int, md5: str) -> DataFile:
    return DataFile(name=name, url=f"{_ZALANDO}/{name}", size_bytes=size_bytes, md5=md5)


FASHION_MNIST = DataSet(
    name="fashion-mnist",
    title="Fashion-MNIST",
    licence="MIT",
    source="https://github.com/zalandoresearch/fashion-mnist",
    files=(
        _fashion("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        _fashion("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        _fashion("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        _fashion("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
    debian_package="dataset-fashion-mnist",
)


def _cifar(classes: int, size_bytes: int, md5: str) -> DataSet:
    archive = f"cifar-{classes}-binary.tar.gz"
    return DataSet(
        name=f"cifar-{classes}",
        title=f"CIFAR-{classes}",
        licence="published for research",
        source=f"{_TORONTO}/cifar.html",
        files=(
            DataFile(name=archive, url=f"{_TORONTO}/{archive}", size_bytes=size_bytes, md5=md5),
        ),
    )


CIFAR_10 = _cifar(10, 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530")
CIFAR_100 = _cifar(100, 168_513_733, "03b5dce01913d631647c71ecec9e9cb8")

DATA_SETS: dict[str, DataSet] = {
    data_set.name: data_set for data_set in (FASHION_MNIST, CIFAR_10, CIFAR_100)
}

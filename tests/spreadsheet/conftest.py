"""One start of LibreOffice for everything that is compared with it."""

from pathlib import Path

import pytest

from tests.spreadsheet.libreoffice import LibreOfficeMissing, find_libreoffice


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.spreadsheet)


@pytest.fixture(scope="session")
def sheet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one sheet is calculated; says what to install where it cannot be."""
    try:
        find_libreoffice()
    except LibreOfficeMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    return tmp_path_factory.mktemp("spreadsheet")

import pytest

from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import credentials_in
from tests.support.live_server import serving


@pytest.fixture
def live(tmp_path):
    """Address and owner's token of a running application."""
    settings = Settings(data_dir=tmp_path / "live")
    with serving(create_app(settings)) as url:
        yield url, credentials_in(settings.data_dir).admin_token

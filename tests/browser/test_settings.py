"""The page of settings: the caps of the month are set, and the change stays in sight."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch

WORDS = {
    "en": ("Device-hours in a month", "Set the caps", "Cap of the installation", "no cap"),
    "ja": ("月あたりのデバイス時間", "上限を設定", "システム全体の上限", "上限なし"),
}

BACKUP_WORDS = {
    "en": ("Back up now", "The backup is made.", "Download the last one"),
    "ja": ("今すぐバックアップ", "バックアップを作成しました。", "最後のものをダウンロード"),
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_caps_of_the_month_are_set_and_their_change_is_kept(
    language: str, new_paybatch: Paybatch, signed_in: NewVisitor
):
    label, press, shown, none = WORDS[language]
    visitor = signed_in(paybatch=new_paybatch, language=language)
    visitor.visit("settings")
    expect(visitor.page.locator(".st-key-card-settings-webhook .pb-note")).to_have_count(1)
    visitor.enter(label, "2.5")
    visitor.press(press)
    rows = visitor.page.locator(".st-key-card-settings-changes tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.locator("td")).to_have_text(["owner", "2.50", none, none])
    expect(visitor.page.locator(".st-key-card-settings-caps")).to_contain_text(shown)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_backup_is_made_told_and_offered_as_a_file(
    language: str, theme: str, new_paybatch: Paybatch, signed_in: NewVisitor
):
    press, made, download = BACKUP_WORDS[language]
    visitor = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    visitor.visit("settings")
    visitor.press(press)
    card = visitor.page.locator(".st-key-card-settings-backups")
    expect(card).to_contain_text(made)
    with visitor.page.expect_download() as begun:
        card.get_by_role("button", name=download).click()
    assert begun.value.suggested_filename.endswith("-order.sqlite")

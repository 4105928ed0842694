"""What the operator sets is understood, or refused in a line that names the variable and the cure."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsFault, load

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def refusal(**variables: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(SettingsFault) as caught:
            load()
    return str(caught.value)


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load()
    assert settings.token == ""
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database == "sqlite:///data/checkins.db"
    assert settings.keys_file == Path("secrets/encryption-keys")
    assert (settings.updates, settings.sends_per_second, settings.log_level) == ("polling", 25, "info")
    assert settings.data_folder == Path("data").resolve()


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nCLINIC_NAME=Lindenhof\n")
    monkeypatch.setenv("CLINIC_NAME", "Am Park")
    settings = load()
    assert (settings.token, settings.clinic_name) == (TOKEN, "Am Park")


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDS_PER_SECOND", "")
    assert load().sends_per_second == 25


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET"])
def test_a_secret_comes_from_a_file_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secret").write_text("sqlite:///elsewhere/checkins.db\n")
    monkeypatch.setenv(f"{name}_FILE", "secret")
    assert getattr(load(), name.lower()).get_secret_value() == "sqlite:///elsewhere/checkins.db"


def test_a_secret_that_is_given_twice_is_refused() -> None:
    Path("secret").write_text(TOKEN)
    line = refusal(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_BOT_TOKEN_FILE="secret")
    assert line == "TELEGRAM_BOT_TOKEN: set either TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE, not both"


def test_a_secret_file_that_is_not_there_is_named() -> None:
    assert "TELEGRAM_BOT_TOKEN_FILE: cannot read nowhere" in refusal(TELEGRAM_BOT_TOKEN_FILE="nowhere")


def test_a_secret_file_is_checked_like_the_variable() -> None:
    Path("secret").write_text("mysql://root@host/db")
    assert refusal(DATABASE_URL_FILE="secret") == "DATABASE_URL: must begin with sqlite:/// or postgresql://"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATABASE_URL": "mysql://root:hunter2@host/db"}, "DATABASE_URL: must begin with sqlite:/// or postgresql://"),
        ({"TELEGRAM_API_URL": "api.telegram.org"}, "TELEGRAM_API_URL: must begin with http"),
        ({"SENDS_PER_SECOND": "plenty"}, "SENDS_PER_SECOND: "),
        ({"SENDS_PER_SECOND": "0"}, "SENDS_PER_SECOND: "),
        ({"DEFAULT_ZONE": "Berlin"}, "DEFAULT_ZONE: must be a time zone name such as Europe/Berlin"),
        ({"DEFAULT_COUNTRY": "Germany"}, "DEFAULT_COUNTRY: must be a two-letter country code"),
        ({"LISTEN": "8080:host"}, "LISTEN: must be host:port"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL: "),
        ({"UPDATES": "pigeon"}, "UPDATES: "),
        ({"PHQ_ITEM_9": "perhaps"}, "PHQ_ITEM_9: "),
        ({"UPDATES": "webhook"}, "UPDATES: this version receives by polling only"),
    ],
)
def test_nonsense_is_refused_in_one_line_that_names_the_variable(variables: dict[str, str], words: str) -> None:
    line = refusal(**variables)
    assert line.startswith(words)
    assert "\n" not in line
    assert "hunter2" not in line


def test_a_misspelt_line_in_the_env_file_is_refused_by_name() -> None:
    Path(".env").write_text("TELEGRAM_TOKEN=1\n")
    with pytest.raises(SettingsFault, match="TELEGRAM_TOKEN: no such setting"):
        load()


def test_several_faults_are_several_lines() -> None:
    assert len(refusal(DEFAULT_ZONE="Berlin", DEFAULT_COUNTRY="Germany").splitlines()) == 2


def test_a_bot_at_the_end_of_the_api_address_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/bot/")
    assert load().telegram_api_url == "http://127.0.0.1:8081"


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@host/db")
    settings = load()
    assert TOKEN not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert "hunter2" in settings.secrets


def test_the_example_lists_every_variable_once_with_a_comment_and_its_default() -> None:
    lines = EXAMPLE.read_text().splitlines()
    named = {match[1]: (number, match[2]) for number, line in enumerate(lines) if (match := _setting(line))}
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    for name, (number, value) in named.items():
        assert re.match(r"# \S", lines[number - 1]), f"{name} has no comment"
        assert value == _default(name)


def _setting(line: str) -> re.Match[str] | None:
    return re.fullmatch(r"#?([A-Z_0-9]+)=(.*)", line)


def _default(name: str) -> str:
    if name == "ENCRYPTION_KEYS_FILE":
        return "secrets/encryption-keys"
    default = Settings.model_fields[name.lower()].default
    value = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def test_the_example_itself_can_be_used_as_it_is() -> None:
    Path(".env").write_text(EXAMPLE.read_text())
    assert load() == Settings(_env_file=os.devnull)

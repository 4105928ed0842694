"""What the operator sets: environment variables, or the same names in a .env file. .env.example lists them all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from care.errors import UnknownZone
from care.schedule import zone_named

SECRETS = ("telegram_bot_token", "database_url", "webhook_secret", "encryption_keys")
DEFAULT_DATABASE_URL = "sqlite:///data/checkins.db"
DEFAULT_KEYS_FILE = Path("secrets/encryption-keys")
SHORTEST_RETENTION = 3
_FILE_SUFFIX = "_file"


class SettingsFault(Exception):
    """A setting is missing or makes no sense; the text names the variable and the cure, one line each."""


class Settings(BaseSettings):
    """The settings, checked. A secret also comes from the file that <NAME>_FILE names; never from both."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_bot_token_file: Path | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr(DEFAULT_DATABASE_URL)
    database_url_file: Path | None = None
    updates: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: Path | None = None
    listen: str = "127.0.0.1:8080"
    encryption_keys: SecretStr = SecretStr("")
    encryption_keys_file: Path | None = None
    clinic_name: str = ""
    clinic_phone: str = ""
    default_language: str = "en"
    default_country: str = ""
    default_zone: str = "UTC"
    phq_item_9: bool = True
    retention_months: int = Field(default=24, ge=0, le=600)
    backup_days: int = Field(default=30, ge=0, le=3650)
    sends_per_second: float = Field(default=25.0, gt=0, le=1000)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["", "text", "json"] = ""

    @field_validator("log_level", "log_format", "updates", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("telegram_api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://, without /bot at its end")
        return value.rstrip("/").removesuffix("/bot")

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("default_country")
    @classmethod
    def _is_a_country(cls, value: str) -> str:
        if value and not (len(value) == len("XX") and value.isascii() and value.isalpha()):
            raise ValueError("must be a two-letter country code such as DE, or empty")
        return value.upper()

    @field_validator("default_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            zone_named(value)
        except UnknownZone:
            raise ValueError("must be a time zone name such as Europe/Berlin") from None
        return value

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        _, _, port = value.rpartition(":")
        if not port.isdigit() or int(port) >= 1 << 16:
            raise ValueError("must be host:port such as 127.0.0.1:8080")
        return value

    @field_validator("retention_months")
    @classmethod
    def _leaves_time_for_notices(cls, value: int) -> int:
        if 0 < value < SHORTEST_RETENTION:
            raise ValueError(f"must be 0 (for ever) or at least {SHORTEST_RETENTION}: a notice comes 30 days before")
        return value

    @model_validator(mode="after")
    def _polling_only(self) -> Self:
        if self.updates == "webhook":
            raise ValueError("UPDATES: this version receives by polling only; set UPDATES=polling or remove the line")
        return self

    @property
    def token(self) -> str:
        """Give the bot's token; "" when there is none."""
        return self.telegram_bot_token.get_secret_value()

    @property
    def database(self) -> str:
        """Give the database's address."""
        return self.database_url.get_secret_value()

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is a SQLite file of our own."""
        return self.database.startswith("sqlite")

    @property
    def data_folder(self) -> Path | None:
        """Give the folder that holds the SQLite file; None with PostgreSQL."""
        return Path(self.database.removeprefix("sqlite:///")).resolve().parent if self.is_embedded else None

    @property
    def keys_file(self) -> Path:
        """Give the file of the operator's keys."""
        return self.encryption_keys_file or DEFAULT_KEYS_FILE

    @property
    def secrets(self) -> list[str]:
        """List what may never be printed; of a database's address that is the password."""
        password = self.database.partition("://")[2].rpartition("@")[0].partition(":")[2]
        keys = self.encryption_keys.get_secret_value().split(",")
        return [self.token, self.webhook_secret.get_secret_value(), password, *keys]


def load(env_file: str | None = ".env") -> Settings:
    """Read the settings from the environment and the .env file; SettingsFault names what is wrong."""
    settings = _settings(env_file, {})
    return _settings(env_file, _secret_files(settings))


def _settings(env_file: str | None, given: Mapping[str, Any]) -> Settings:
    try:
        return Settings(_env_file=env_file, **given)
    except ValidationError as error:
        raise SettingsFault("\n".join(_line(dict(fault)) for fault in error.errors())) from None


def _line(fault: dict[str, object]) -> str:
    place = fault["loc"]
    name = str(place[0]).upper() if isinstance(place, tuple) and place else ""
    if fault["type"] == "extra_forbidden":
        return f"{name}: no such setting; .env.example lists all of them"
    text = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {text}" if name else text


def _secret_files(settings: Settings) -> dict[str, str]:
    """Read the secrets that are given as files. The key file is left to storage, which may have to make it."""
    given = {}
    for name in SECRETS:
        path = getattr(settings, name + _FILE_SUFFIX)
        if path is None:
            continue
        if name in settings.model_fields_set:
            raise SettingsFault(f"{name.upper()}: set either {name.upper()} or {name.upper()}_FILE, not both")
        if name != "encryption_keys":
            given[name] = _read(name, path)
    return given


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFault(f"{name.upper()}_FILE: cannot read {path} ({type(error).__name__})") from None

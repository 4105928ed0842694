"""The ways in: python -m bot runs the bot; demo, migrate, check, backup, rotate-keys; export, import, erase."""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings
    from storage.database import Database

Chat = Annotated[int, typer.Argument(metavar="ID", help="The person's number at Telegram.")]

NOTHING_SET = (
    "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather and put it into .env (see .env.example).\n"
    "To try the bot without a token: python -m bot demo"
)

cli = typer.Typer(
    help="A Telegram bot that checks in with people after ketamine treatment for depression.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback(invoke_without_command=True)
def run(context: typer.Context) -> None:
    """Run the bot until it is told to stop. Without a command this is what happens."""
    if context.invoked_subcommand is None:
        # Loading the libraries makes many objects and no garbage; collecting in between takes a sixth of the start.
        gc.disable()
        settings = _settings()
        if not settings.token:
            _refuse(NOTHING_SET, 2)
        _run(settings)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the demo page on this machine; 0 takes a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    keep: Annotated[bool, typer.Option(help="Go on where the last demo ended instead of starting anew.")] = False,
    bot: Annotated[bool, typer.Option(help="Run the bot too; without it, run one against the address shown.")] = True,
) -> None:
    """Try the bot on this machine: no account, no token, no network."""
    from bot.demo.run import run as run_demo

    run_demo(port=port, open_browser=browser, with_bot=bot, keep=keep)


@cli.command()
def migrate() -> None:
    """Bring the database to the tables of this release."""
    from storage.database import StorageUnavailable
    from storage.migrate import DatabaseTooNew, head, upgrade

    settings = _settings()
    try:
        upgrade(settings.database)
    except (DatabaseTooNew, StorageUnavailable) as fault:
        _refuse(str(fault), 1)
    print(f"The database is at revision {head()}.")


@cli.command()
def check() -> None:
    """Tell in one line each whether settings, keys, database, token, updates and clock are in order."""
    from bot.check import examine
    from bot.settings import SettingsFault, load

    try:
        settings = load()
    except SettingsFault as fault:
        _refuse("\n".join(f"WRONG  settings: {line}" for line in str(fault).splitlines()), 1)
    findings = asyncio.run(examine(settings))
    for finding in findings:
        print(finding)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@cli.command()
def export(
    chat_id: Chat,
    file: Annotated[Path | None, typer.Option(help="Where to; without it, my-copy-<day>.zip in this folder.")] = None,
) -> None:
    """Write everything that is kept of a person into a file. The file is not locked."""
    from bot import requests

    path, rows = _on_database(lambda database: requests.export(database, chat_id, file))
    print(f"{rows} rows of {chat_id} are in {path}. It is not locked.")


@cli.command(name="import")
def import_(file: Annotated[Path, typer.Argument(help="A copy that export or the person's own /export made.")]) -> None:
    """Put a person's copy back into this database, which must hold nothing of them."""
    from bot import requests

    chat_id = _on_database(lambda database: requests.put_back(database, file))
    print(f"{chat_id} is back. Links to support persons came back ended.")


@cli.command()
def erase(chat_id: Chat, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase everything that is kept of a person, for good, as their own /delete does."""
    from bot import requests

    settings = _settings()
    found = _on_database(lambda database: requests.held(database, chat_id))
    if found:
        print(f"Of {chat_id} there are: {found}.")
    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Erase all of {chat_id} for good?")):
        _refuse("Nothing was erased. Without a terminal say --yes.", 1)
    done = _on_database(lambda database: requests.erase(database, settings, chat_id))
    if done is None:
        _refuse(f"Nothing is kept of {chat_id}.", 1)
    erased, told = done
    print(f"Erased: {requests.in_numbers(erased.counts)}. Receipt: {erased.code}")
    if erased.told:
        print(f"{told} of {len(erased.told)} support persons were told that sharing has ended.")


@cli.command(name="check-receipt")
def check_receipt(code: Annotated[str, typer.Argument(help="The code that stands in a receipt.")]) -> None:
    """Tell whether a receipt of an erasure is real. Needs the keys that were in use then, and no database."""
    from bot import requests
    from bot.app import keyring
    from storage.receipts import read_code
    from storage.sealing import KeyFault

    try:
        found = read_code(keyring(_settings(), may_make=False), code)
    except KeyFault as fault:
        _refuse(str(fault), 1)
    if found is None:
        _refuse("This receipt was not made with these keys.", 1)
    at, counts = found
    print(f"Real. Erased at {at:%Y-%m-%d %H:%M} UTC: {requests.in_numbers(counts)}.")


@cli.command(name="rotate-keys")
def rotate_keys() -> None:
    """Wrap every person's key with the newest of ENCRYPTION_KEYS; afterwards the older ones may go."""
    from storage import keys

    changed = _on_database(lambda database: database.write(keys.rewrap_all))
    print(f"{changed} keys were wrapped anew. ENCRYPTION_KEYS may now hold the newest key alone.")


@cli.command()
def backup(file: Annotated[Path, typer.Argument(help="The new file; one that is there is never touched.")]) -> None:
    """Back the database up while the bot runs, and check the copy. The keys are not in it: keep them apart."""
    from storage.backups import BackupFault, back_up, dump_command

    settings = _settings()
    if not settings.is_embedded:
        print(dump_command(settings.database, file))
        return
    try:
        size = back_up(settings.database, file)
    except BackupFault as fault:
        _refuse(str(fault), 1)
    print(f"{file} is whole: {size} bytes. It holds no operator's key.")


def _on_database(work: "Callable[[Database], Awaitable[Any]]") -> Any:
    """Run work on the database that the settings name; what cannot be done is said in one line."""
    from bot import requests
    from storage.database import StorageUnavailable
    from storage.sealing import KeyFault

    try:
        return asyncio.run(requests.opened(_settings(), work))
    except (requests.RequestFault, KeyFault, StorageUnavailable) as fault:
        _refuse(str(fault), 1)


def _run(settings: "Settings") -> None:
    from bot import logs
    from bot.app import StartFault, build
    from storage.database import StorageUnavailable
    from storage.migrate import DatabaseTooNew
    from storage.sealing import KeyFault

    logs.configure(settings.log_level, settings.log_format, settings.secrets)
    try:
        asyncio.run(_until_told(build(settings)))
    except (StartFault, KeyFault, DatabaseTooNew, StorageUnavailable) as fault:
        _refuse(str(fault), 1)
    except Exception as fault:  # noqa: BLE001 - the last frame of the process: anything at all ends here
        # Printing it the usual way would print what somebody wrote, if that is what it stumbled over.
        logs.report_loop_failure(None, {"exception": fault})
        raise typer.Exit(1) from None


async def _until_told(app: "App") -> None:
    gc.freeze()
    gc.enable()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await app.run_until(stop)


def _settings() -> "Settings":
    from bot.settings import SettingsFault, load

    try:
        return load()
    except SettingsFault as fault:
        _refuse(str(fault), 2)


def _refuse(text: str, code: int) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """Start from the command line."""
    cli()


if __name__ == "__main__":
    main()

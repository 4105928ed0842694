"""The ways in: python -m bot (runs the bot), demo, migrate, check."""

import asyncio
import gc
import signal
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings

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

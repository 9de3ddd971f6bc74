"""The command line. It computes nothing: what a command does, a notebook does in as few lines.

Commands are imported when they are called, so that ``entrepot --help`` answers at once.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

import click

from entrepot import __version__
from entrepot.errors import EntrepotError

__all__ = ["COMMANDS", "entrepot", "main"]

# name: (module:attribute, one line of help shown without importing the module)
COMMANDS = {
    "alerts": ("entrepot.cli.alerts:alerts", "One alert a thing, folded from answers, with a state and an owner."),
    "case": ("entrepot.cli.case:case", "Keep, freeze, replay and export what belongs together."),
    "check": ("entrepot.cli.check:check", "Put red flags to records: what fired, on what ground, what to ask."),
    "compare": ("entrepot.cli.compare:compare", "Score pairs of names in a file, with reasons."),
    "demo": ("entrepot.cli.demo:demo", "Run everything on a simulated world and write one HTML report."),
    "effect": ("entrepot.cli.effect:effect", "Estimate how trade changed at a measure's date."),
    "fetch": ("entrepot.cli.fetch:fetch", "Download from a publisher; resumable, hash recorded."),
    "ingest": ("entrepot.cli.ingest:ingest", "Read files of a source into the lake."),
    "lake": ("entrepot.cli.lake:lake", "Show, check and undo what is in the lake."),
    "measures": ("entrepot.cli.measures:measures", "Ask the ledger: what was in force, what was known, who says so."),
    "mirror": ("entrepot.cli.mirror:mirror", "Compare both sides' reports of the same trade."),
    "parties": ("entrepot.cli.parties:parties", "One person behind two documents; who owns whom; successors."),
    "read": ("entrepot.cli.read:read", "Read articles into attributed claims; a claim is never rated."),
    "records": ("entrepot.cli.records:records", "Your own tables and payment messages as records for a check."),
    "routes": ("entrepot.cli.routes:routes", "Rank routes to a market by unexplained trade."),
    "screen": ("entrepot.cli.screen:screen", "Screen customers against lists, with the reasons of every score."),
    "serve": ("entrepot.cli.serve:serve", "Serve the pages and the HTTP API, on this machine."),
    "watch": ("entrepot.cli.watch:watch", "Replay routes month by month: when would each alert have come?"),
}


class _LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="entrepot")
def entrepot() -> None:
    """Watch how goods reach a sanctioned market through third countries, and how sure that is.

    Exit codes: 0 done, 1 bad input or data (one line on stderr says what, where and what to do), 2 wrong
    usage.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; return its exit code. Errors are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a name must not end the run.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        # Not click's own main(): that one would answer a closed pipe as an error.
        with entrepot.make_context("entrepot", given) as context:
            entrepot.invoke(context)
        sys.stdout.flush()
    except BrokenPipeError:
        return _silenced()
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except EntrepotError as error:
        return _failed(str(error))
    except (MemoryError, OSError) as error:
        return _failed(_system(error))
    except Exception as error:
        if str(error) == "Query interrupted":  # How the table engine reports Ctrl-C.
            return 130
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        return _failed(f"the table engine failed: {str(error).strip().splitlines()[0]}")
    return 0


def _failed(line: str) -> int:
    click.echo(f"entrepot: error: {line}", err=True)
    return 1


def _system(error: MemoryError | OSError) -> str:
    if isinstance(error, MemoryError):
        return "out of memory. Set ENTREPOT_MEMORY_LIMIT lower, or use a larger machine."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "the disk is full. Make room, then run again."
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or str(error).splitlines()[0]}. Check the path and its permissions."


def _silenced() -> int:
    # Whoever reads the pipe has what it wanted (as in `| head`). Nothing more may be written, not even by the
    # interpreter's last flush.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0

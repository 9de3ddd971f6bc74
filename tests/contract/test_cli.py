"""The commands of the contract: names and options stay, because scripts of users rely on them."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module

import click
import pytest

from entrepot.cli import COMMANDS, entrepot

FILTERS = "--kind --jurisdiction --instrument --topic --target --product --status --since --until --on --known --packs"
QUESTION = "--destination --event --measure --origins --via --products --level --alpha --out --lake --json"
DESK = "--store --as --at --policy --lake"
# Command: options that it takes, beside --help.
CONTRACT = {
    "alerts add": f"--from --kind --measure --as-of --owner {DESK}",
    "alerts list": f"--status --severity --kind --owner --from --pending --json --out {DESK}",
    "alerts show": f"--json {DESK}",
    "alerts assign": f"--escalate --reason {DESK}",
    "alerts close": f"--refuse --reason {DESK}",
    "alerts comment": DESK,
    "alerts suppress": f"--until --reason {DESK}",
    "alerts diff": f"--since --json --out {DESK}",
    "case new": f"--owner {DESK}",
    "case show": f"--json {DESK}",
    "case list": f"--status --owner --json --out {DESK}",
    "case add": f"--alert --document --from-where --query {DESK}",
    "case note": DESK,
    "case assign": f"--reason {DESK}",
    "case publish": f"--evidence --reply {DESK}",
    "case freeze": f"--out --public {DESK}",
    "case replay": "--lake --json --out",
    "case verify": f"--json --out {DESK}",
    "case export": f"--out --public --simulated --filer --payments {DESK}",
    "case file": f"--reference {DESK}",
    "case close": f"--reason {DESK}",
    "case user": f"--role --password --deactivate --api-key {DESK}",
    "case erase": DESK,
    "demo": "--out --seed --serve --port",
    "fetch comtrade": "--reporter --partner --period --flow --products --freq --key --dir --base-url --refresh --json",
    "fetch comext": "--period --dir --base-url --refresh --json",
    "records propose": "--kind --out",
    "records convert": "--kind --mapping --names --key --out",
    "check": "--kind --with --mapping --as-of --policy --flags --language --suspicion --set --fairness --backtest"
    " --from --to --outcomes --lake --json --out",
    "compare": "--left --right --schema --json --out",
    "ingest": "--mapping --lake --json",
    "lake status": "--lake --json --out",
    "lake history": "--lake --json --out",
    "lake verify": "--lake --json --out",
    "lake drop": "--lake",
    "effect": "--measure --date --exporter --importer --products --out --lake --json",
    "measures list": f"{FILTERS} --json --out",
    "measures show": "--on --known --packs --json",
    "measures timeline": f"{FILTERS} --out",
    "measures coadoption": "--topic --jurisdictions --window --json --out",
    "measures conflicts": "--packs --lake --json --out",
    "measures check": "",
    "measures export": f"{FILTERS} --format --out",
    "mirror": "--exporter --importer --event --products --out --lake --json",
    "read": "--language --form --no-checks --as-of --lake --json --out",
    "parties changes": "--against --since --lake --json --out",
    "parties link": "--documents --against --as-of --lake --json --out",
    "parties documents": "--persons --as-of --json --out",
    "parties judge": "--by --reason --lake",
    "parties owned": "--listed --ownership --regime --as-of --lines --lake --json --out",
    "parties successors": "--listings --directorships --ownership --days --as-of --lake --json --out",
    "serve": "--host --port --users --name --certificate --key --destination --event --products --via --add-user"
    " --role --api-key --store --as --policy --lake",
    "screen": "--against --limit --threshold --as-of --diff --workers --lake --json --out",
    "watch": f"{QUESTION} --from --to",
    "routes": f"{QUESTION} --until --as-of",
}
DEFAULTS = {
    ("routes", "products"): "all",
    ("routes", "level"): "6",
    ("routes", "origins"): "COALITION",
    ("routes", "alpha"): 0.1,
    ("watch", "products"): "all",
    ("watch", "alpha"): 0.1,
    ("mirror", "products"): "all",
    ("screen", "limit"): 5,
    ("serve", "host"): "127.0.0.1",
    ("serve", "port"): 8000,
    ("screen", "threshold"): 0.7,
}


def command(path: str) -> click.Command:
    context = click.Context(entrepot)
    found: click.Command = entrepot
    for name in path.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(context, name)
        assert inner is not None, f"{path} does not exist"
        found = inner
    return found


def paths(found: click.Command = entrepot, before: str = "") -> list[str]:
    """Every command that does something, as it is typed."""
    if not isinstance(found, click.Group):
        return [before]
    context = click.Context(found)
    names = found.list_commands(context)
    return [path for name in names for path in paths(command(f"{before} {name}"), f"{before} {name}".strip())]


@pytest.mark.parametrize("path", sorted(CONTRACT))
def test_a_command_takes_the_options_of_the_contract(path: str) -> None:
    taken = {option for parameter in command(path).params for option in parameter.opts}
    assert set(CONTRACT[path].split()) <= taken


def test_no_command_stands_outside_the_contract() -> None:
    assert sorted(paths()) == sorted(CONTRACT)


@pytest.mark.parametrize(("path", "name"), sorted(DEFAULTS))
def test_a_default_stays(path: str, name: str) -> None:
    found = next(parameter for parameter in command(path).params if parameter.name == name)
    assert found.default == DEFAULTS[path, name]


@pytest.mark.parametrize("path", ["", "lake", "fetch", *sorted(CONTRACT)])
def test_every_command_explains_itself_in_a_sentence(path: str) -> None:
    found = command(path)
    text = found.get_help(click.Context(found, info_name=path))
    assert "Usage:" in text and found.help and found.help.strip().partition("\n\n")[0].rstrip().endswith((".", ":"))


@pytest.mark.parametrize("path", sorted(CONTRACT))
def test_every_option_has_a_help_text(path: str) -> None:
    bare = [
        parameter.opts[0]
        for parameter in command(path).params
        if isinstance(parameter, click.Option)
        and not parameter.hidden
        and not (parameter.help or parameter.metavar or isinstance(parameter.type, click.Choice))
    ]
    assert bare == []


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def test_help_is_quick() -> None:
    """0.3 s; on a machine that is busy or slow, at most nine starts of Python itself."""
    bare, helped = [], []
    for _ in range(6):
        bare.append(_seconds("-I", "-S", "-c", "pass"))
        helped.append(_seconds("-m", "entrepot", "--help"))
    assert min(helped) < max(0.3, 9 * min(bare))


def test_help_lists_every_command_with_its_line() -> None:
    text = entrepot.get_help(click.Context(entrepot, info_name="entrepot"))
    assert [name for name, (_, line) in COMMANDS.items() if name not in text or line.split()[0] not in text] == []


COLUMNS = {
    "routes": "rank via_iso3 destination_iso3 product_id hs_codes evidence window_start window_end currency observed"
    " expected excess excess_low excess_high share_of_lost_direct control_set excess_min excess_max covered_share_low"
    " covered_share_high p_value q_value is_alert top_origins caveats",
    "mirror": "exporter_iso3 importer_iso3 product_id hs_codes period export_value import_value currency gap gap_share"
    " gap_quiet_low gap_quiet_high change_p_value caveats",
}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_columns_of_the_contract_stay_in_their_order(name: str) -> None:
    given = import_module(f"entrepot.flows.{'result' if name == 'routes' else name}")
    types = given.ROUTE_TYPES if name == "routes" else given.TABLE_TYPES
    # Columns of the second leg may come in between and others behind; nothing of the contract may go or move.
    contract = COLUMNS[name].split()
    assert [column for column in types if not column.startswith("out_")][: len(contract)] == contract

"""The command line's shape."""

import argparse
from collections.abc import Sequence

from kefu_desk import __version__

SCENARIO_NAMES = ("day", "quiet", "busy")
"""Repeated from the simulator, which a start of the window must not import."""

CODES = """exit codes: 0 done, 1 WeChat refused, 2 wrong command line, 3 nobody knows whether it was done,
4 no connection, 5 a profile, the keyring or a file of this computer, 130 interrupted"""

LONGEST_SECONDS = 10 * 365 * 86_400.0


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line as values; a wrong one is told on stderr and ends the program with 2."""
    top = parser()
    options, rest = top.parse_known_args(arguments)
    if rest and (options.command != "call" or any(word.startswith("--") for word in rest)):
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:  # argparse ends a list of words at the first option; here they may stand on both sides of it
        options.arguments = [*options.arguments, *rest]
    return options


def parser() -> argparse.ArgumentParser:
    """All commands; without one the window opens."""
    top = argparse.ArgumentParser(
        prog="kefu-desk", description="Desk for a WeChat account's customer service"
    )
    top.add_argument("--version", action="version", version=f"kefu-desk {__version__}")
    top.add_argument("--verbose", action="store_true", help="log more")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    gui = commands.add_parser("gui", help="open the window (the same as no command)")
    gui.add_argument("--profile", help="open this profile instead of the last one")
    gui.add_argument("--lang", choices=("zh_CN", "en", "system"), help="language of this start")
    gui.add_argument("--theme", choices=("light", "dark", "system"), help="theme of this start")
    demo = commands.add_parser("demo", help="open the window on the simulator, without an account")
    demo.add_argument("--play", action="store_true", help="do the main job by itself, then end")
    demo.add_argument("--shot", metavar="FILE", help="with --play: write a picture of the window")
    demo.add_argument("--lang", choices=("zh_CN", "en", "system"), help="language of this start")
    demo.add_argument("--theme", choices=("light", "dark", "system"), help="theme of this start")
    _story(demo)
    simulate = commands.add_parser("simulate", help="serve the simulator on a port")
    simulate.add_argument("--port", type=_port, default=8765, help="0 takes a free one (default 8765)")
    simulate.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this computer only)"
    )
    _story(simulate)
    watch = commands.add_parser("watch", help="run a desk without a window, facts as JSON lines")
    watch.add_argument("--seconds", type=_seconds, help="end after that long")
    _source(watch)
    call = _call(commands)
    records, search = _records(commands), _search(commands)
    for command in (gui, demo, simulate, watch, call, records, search):
        command.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help="log more")
    return top


def _call(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    call = commands.add_parser("call", help="call one method of the API", add_help=False, epilog=CODES)
    call.add_argument("method", nargs="?", help="a method; without one, all are listed")
    call.add_argument("arguments", nargs="*", metavar="NAME=VALUE", help="or plain values in order")
    call.add_argument("-h", "--help", action="store_true", help="show this, or what METHOD takes")
    call.add_argument("--json", action="store_true", help="one JSON value as the answer, errors as JSON too")
    call.add_argument("--save", metavar="FILE", help="keep the bytes of a downloaded file there")
    _source(call)
    call.set_defaults(usage=call.format_help)
    return call


def _records(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    records = commands.add_parser(
        "records", help="write the message records of a period to a file", epilog=CODES
    )
    moment = "2026-11-01 or 2026-11-01T09:00, in Asia/Shanghai"
    records.add_argument("--from", dest="start", required=True, metavar="DATE", help=f"first day: {moment}")
    records.add_argument(
        "--to", dest="end", required=True, metavar="DATE", help="last day, which is included"
    )
    records.add_argument("--out", required=True, metavar="FILE", help="JSON lines; goes on where it was left")
    records.add_argument("--json", action="store_true", help="only the counts as JSON, errors as JSON too")
    _source(records)
    return records


def _search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    search = commands.add_parser("search", help="find words in the messages of this computer", epilog=CODES)
    search.add_argument("words", help="any part of a text, from one character on")
    search.add_argument("--profile", help="a profile made in the window")
    search.add_argument("--customer", metavar="OPENID", help="only what was said with this customer")
    search.add_argument(
        "--agent", metavar="ACCOUNT", help="only conversations of this agent, such as kf1@shop"
    )
    search.add_argument("--since", metavar="DATE", help="only from then on: 2026-11-01 or 2026-11-01T09:00")
    search.add_argument("--until", metavar="DATE", help="only up to then; a day is included whole")
    search.add_argument("--limit", type=_count, default=50, help="at most so many, the newest (default 50)")
    search.add_argument("--json", action="store_true", help="one JSON list as the answer, errors as JSON too")
    return search


def _story(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=1, help="one seed is one story (default 1)")
    command.add_argument(
        "--scenario",
        metavar="NAME|FILE",
        type=_scenario,
        default="day",
        help="which world: day (default), quiet, busy, quiet-morning, busy-day, training-day or a TOML file",
    )


def _source(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group(required=False)
    source.add_argument("--profile", help="a profile made in the window")
    source.add_argument("--simulator", metavar="NAME|FILE", type=_scenario, help="a world in this process")
    command.add_argument(
        "--secret-stdin", action="store_true", help="read the AppSecret from the first line of the input"
    )


def _scenario(word: str) -> str:
    """A scenario by name or file; what a file says is checked when it is played."""
    if word in SCENARIO_NAMES:
        return word
    from kefu_desk.app.scenarios import looks_like_a_file, shipped  # what the demo starts with needs no look

    if looks_like_a_file(word) or word in shipped():
        return word
    known = ", ".join([*SCENARIO_NAMES, *shipped()])
    raise argparse.ArgumentTypeError(f"{word!r} is none of {known} and no file that ends with .toml")


def _port(word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() and len(word) <= 5 else -1
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {word!r}")
    return number


def _count(word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() and len(word) <= 6 else 0
    if not number:
        raise argparse.ArgumentTypeError(f"a number from 1 to 999999, not {word!r}")
    return number


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_SECONDS:  # also refuses what is not a number at all
        raise argparse.ArgumentTypeError(f"seconds are a number from 0 up, not {word!r}")
    return seconds

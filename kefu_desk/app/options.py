"""The command line's shape."""

import argparse

from kefu_desk import __version__

SCENARIO_NAMES = ("day", "quiet", "busy")
"""Repeated from the simulator, which a start of the window must not import."""


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
    simulate.add_argument("--port", type=int, default=8765, help="0 takes a free one (default 8765)")
    simulate.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this computer only)"
    )
    _story(simulate)
    watch = commands.add_parser("watch", help="run a desk without a window, facts as JSON lines")
    watch.add_argument("--seconds", type=float, help="end after that long")
    _source(watch)
    call = commands.add_parser("call", help="call one method of the API and print the answer as JSON")
    call.add_argument("method", nargs="?", help="a method; without one, all are listed")
    call.add_argument("arguments", nargs="*", metavar="NAME=VALUE")
    _source(call)
    return top


def _story(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=1, help="one seed is one story (default 1)")
    command.add_argument(
        "--scenario", choices=SCENARIO_NAMES, default="day", help="which world (default day)"
    )


def _source(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group(required=False)
    source.add_argument("--profile", help="a profile made in the window")
    source.add_argument(
        "--simulator", metavar="SCENARIO", choices=SCENARIO_NAMES, help="a world in this process"
    )

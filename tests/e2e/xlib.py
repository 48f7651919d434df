"""The two things that xdotool of Debian 12 does not do, through Xlib itself."""

import ctypes
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CLIENT_MESSAGE = 33
SPARE_KEYS = [*range(130, 203), *range(208, 256)]
"""Key codes that no letter and no modifier of a usual keyboard has."""
UNICODE = 0x0100_0000  # how X11 makes a keysym of any character

Xlib = Any


class _ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),  # XEvent is a union of 24 longs
    ]


@contextmanager
def display() -> Iterator[tuple[Xlib, ctypes.c_void_p]]:
    """A connection to the X server, and the library to use it with."""
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    opened = x.XOpenDisplay(None)
    assert opened, "no X display"
    connection = ctypes.c_void_p(opened)
    yield x, connection
    x.XCloseDisplay(connection)


def ask_to_close(window: int) -> None:
    """Sends WM_DELETE_WINDOW, which is what the close button of a window manager does."""
    with display() as (x, connection):
        event = _ClientMessage(type=CLIENT_MESSAGE, window=window, format=32)
        event.message_type = x.XInternAtom(connection, b"WM_PROTOCOLS", 0)
        event.data[0] = x.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
        x.XSendEvent(connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))


def type_words(words: str, keys: deque[int]) -> None:
    """Presses a key for each character, in any script.

    The characters are put on spare keys, all of them before the first is pressed: xdotool changes the
    keyboard for each character anew, and a program that is slow to see it loses some. `keys` are used in turn
    from call to call, so that a key keeps its character until a slow program has seen it pressed.
    """
    with display() as (x, connection):
        test = ctypes.CDLL("libXtst.so.6")
        bound = dict(zip(dict.fromkeys(words), keys, strict=False))
        assert len(bound) == len(set(words)), "too many different characters at once"
        keys.rotate(-len(bound))
        for letter, key in bound.items():
            _bind(x, connection, key, _keysym(letter))
        for letter in words:
            for pressed in (1, 0):
                test.XTestFakeKeyEvent(connection, bound[letter], pressed, ctypes.c_ulong(0))
        x.XSync(connection, 0)


def _keysym(letter: str) -> int:
    code = ord(letter)
    return code if 0x20 <= code <= 0xFF else UNICODE + code


def _bind(x: Xlib, connection: ctypes.c_void_p, key: int, symbol: int) -> None:
    symbols = (ctypes.c_ulong * 2)(symbol, symbol)
    x.XChangeKeyboardMapping(connection, key, 2, symbols, 1)

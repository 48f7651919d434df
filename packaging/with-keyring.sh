#!/bin/sh
# with-keyring.sh COMMAND...
# Runs a command with a D-Bus session and an unlocked, empty GNOME keyring of its own; nothing is left behind.
# Needs dbus-run-session and gnome-keyring-daemon. Works as root.
set -eu
[ $# -gt 0 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
KR_HOME=$(mktemp -d)
trap 'rm -rf "$KR_HOME"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
env -u DBUS_SESSION_BUS_ADDRESS \
  HOME="$KR_HOME" XDG_DATA_HOME="$KR_HOME/data" XDG_RUNTIME_DIR="$KR_HOME" KR_CMD_HOME="$HOME" \
  dbus-run-session -- sh -c '
    printf "%s" "test-password" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    rc=0
    HOME="$KR_CMD_HOME" "$@" || rc=$?
    exit $rc' sh "$@"

#!/bin/sh
# with-keyring.sh COMMAND...
# Runs a command with a D-Bus session and an unlocked, empty GNOME keyring of its own; nothing is left behind.
# Needs dbus-run-session, dbus-send and gnome-keyring-daemon. Works as root.
set -eu
[ $# -gt 0 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
KR_HOME=$(mktemp -d)
trap 'rm -rf "$KR_HOME"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# In the background mode of its own the daemon would outlive the bus.
env -u DBUS_SESSION_BUS_ADDRESS \
  HOME="$KR_HOME" XDG_DATA_HOME="$KR_HOME/data" XDG_RUNTIME_DIR="$KR_HOME" KR_CMD_HOME="$HOME" \
  dbus-run-session -- sh -c '
    printf "%s" "test-password" |
      gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
    keyring=$!
    tries=0
    until dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
      org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do
      tries=$((tries + 1))
      [ $tries -lt 200 ] || { echo "with-keyring.sh: the keyring did not start" >&2; exit 69; }
      sleep 0.05
    done
    rc=0
    HOME="$KR_CMD_HOME" "$@" || rc=$?
    kill $keyring 2>/dev/null || true
    wait $keyring || true
    exit $rc' sh "$@"

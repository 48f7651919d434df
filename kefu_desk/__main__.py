"""`python -m kefu_desk` is the same program as the `kefu-desk` command."""

from kefu_desk.app.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

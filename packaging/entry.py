"""Where the bundled program starts."""

import sys

from kefu_desk.app.cli import main

sys.exit(main())

"""``python -m entrepot`` runs the command line."""

import sys

from entrepot.cli import main

sys.exit(main())

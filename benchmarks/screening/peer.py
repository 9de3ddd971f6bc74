"""Scores of nomenklatura's logic-v2 for pairs of names, in an environment of its own: it needs another DuckDB.

``python -m venv peer && peer/bin/pip install nomenklatura`` (PyICU is built from source: ICU's headers and a compiler).
Reads lines of JSON ``[schema, left, right]``, writes one score a line.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    for number, line in enumerate(sys.stdin):
        schema, *names = json.loads(line)
        # It keeps what it derives from an entity under its id.
        one, other = (
            model.get_proxy({"id": f"{side}{number}", "schema": schema, "properties": {"name": [name]}})
            for side, name in zip("ab", names, strict=True)
        )
        print(algorithm.compare(one, other, config).score)


if __name__ == "__main__":
    main()

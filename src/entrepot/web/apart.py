"""Apart: one question answered in a process of its own, that ends with its answer and gives its memory back.

Not by ``multiprocessing``: that would run the script again that started the server. Question and answer go by pipes,
pickled, between two processes of one user.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

from entrepot.errors import EntrepotError
from entrepot.web.errors import Refused

_COMMAND = (sys.executable, "-c", "from entrepot.web.apart import main; main()")


class Apart:
    """A process that answers one question."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def answer(self, given: tuple[Any, ...], *, seconds: float) -> Any:
        """Return the answer.

        Raises:
            Refused: it took too long, or the process ended without one.
            EntrepotError: the question cannot be answered.
        """
        remedy = "Ask for fewer products or intermediaries."
        try:
            sent, _ = self._process.communicate(pickle.dumps(given), timeout=seconds)
            found, error = pickle.loads(sent)
        except subprocess.TimeoutExpired as late:
            raise Refused(503, "the estimate took too long", remedy) from late
        except (EOFError, pickle.UnpicklingError, BrokenPipeError) as broken:
            raise Refused(503, "the estimate was stopped", remedy) from broken
        finally:
            self.end()
        if error is not None:
            raise error
        return found

    def end(self) -> None:
        """End the process, if it has not."""
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Answer the question on stdin; what anything else prints goes to stderr."""
    from entrepot.web.asked import answer

    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        try:
            reply: tuple[Any, Exception | None] = (answer(*pickle.load(sys.stdin.buffer)), None)
        except (EntrepotError, Refused) as error:
            reply = (None, error)
        pickle.dump(reply, out)

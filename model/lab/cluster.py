"""Where the runs of a sweep are carried out: by the workers of a Dask cluster.

Every run is a task of its own, so that a worker that dies costs only the run it was at, which the
scheduler gives to another one.
"""

import asyncio
import logging
import queue
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, Final

import numpy as np

from model.errors import BackscopeError
from model.lab.executors import AHEAD, DIED, LOOK, Block, Blocks, Cancelled, Finished, outcomes_of
from model.lab.outcome import refused
from model.lab.run_key import ARITHMETIC

PATIENCE: Final = 9.0
"""Seconds within which a scheduler and its workers have to answer."""


class ClusterExecutor:
    """The workers of the scheduler at `address`, as in "tcp://HOST:8786"."""

    def __init__(self, address: str) -> None:
        self._address = address

    def block(self, count: int) -> int:
        """One."""
        return 1

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        """Each run with its outcome, as it ends.

        Raises `BackscopeError` where nothing answers at the address, where the cluster has no
        workers or they have another Backscope, and where it goes away.
        """
        pending: dict[Any, Block] = {}
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with closing(_connected(self._address)) as client:
            room = AHEAD * _tasks_at_once(client)
            while not cancelled():
                for block in islice(blocks, room - len(pending)):
                    future = client.submit(outcomes_of, block, pure=False)
                    pending[future] = block
                    future.add_done_callback(ended.put)
                if not pending:
                    return
                for future in _ended(ended):
                    yield pending.pop(future), _outcomes(future)


def _ended(ended: "queue.SimpleQueue[Any]") -> Iterator[Any]:
    """The next future that ends soon, if one does."""
    try:
        yield ended.get(timeout=LOOK)
    except queue.Empty:
        return


def _outcomes(future: Any) -> Any:
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return [refused(DIED)]
    except FutureCancelledError as error:
        raise BackscopeError(
            "the cluster has gone away", "start it and the same sweep again"
        ) from error


def _connected(address: str) -> Any:
    """A client; a port that accepts and stays silent would keep the client's own try for ever."""
    try:
        from distributed import Client
        from distributed.comm import connect
    except ImportError as error:
        hint = "pip install 'backscope[cluster]'"
        raise BackscopeError("a cluster needs the package distributed", hint) from error

    # It tells a lost connection with a traceback; here that is an error with words.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)

    async def answered() -> None:
        comm = await asyncio.wait_for(connect(address, timeout=PATIENCE), PATIENCE)
        await comm.close()

    with _in_words(address):
        asyncio.run(answered())
        return Client(address, timeout=PATIENCE, set_as_default=False)


@contextmanager
def _in_words(address: str) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError) as error:
        raise BackscopeError(
            f"{address!r} is no address of a cluster", "as in tcp://HOST:8786"
        ) from error
    except OSError as error:
        hint = "is its scheduler running, and is the port right?"
        raise BackscopeError(f"no cluster answers at {address}", hint) from error


def _tasks_at_once(client: Any) -> int:
    """The threads of all workers, after each was asked what it computes with."""
    threads = client.nthreads()
    if not threads:
        raise BackscopeError("the cluster has no workers", "start some: dask worker ADDRESS")
    try:
        found = client.run(arithmetic)
    except Exception as error:
        raise BackscopeError(
            f"the workers of the cluster cannot load Backscope: {error}",
            "install the same version there",
        ) from error
    other = [worker for worker, version in found.items() if version != arithmetic()]
    if other:
        raise BackscopeError(
            f"worker {other[0]} has another version of Backscope or NumPy than this machine",
            "the numbers would not be the same; install the same versions there",
        )
    return sum(threads.values())


def arithmetic() -> tuple[int, str]:
    """What numbers depend on: the version of the arithmetic and that of NumPy."""
    return ARITHMETIC, np.__version__

"""Where the runs of a sweep are carried out: by the workers of a Dask cluster.

Every run is a task of its own, so that a worker that dies costs only the run it was at, which the
scheduler gives to another one.
"""

import asyncio
import logging
import queue
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, Final

import numpy as np

from model.errors import BackscopeError, SettingsError
from model.lab.cluster_address import is_address
from model.lab.executors import AHEAD, DIED, LOOK, Block, Blocks, Cancelled, Finished, outcomes_of
from model.lab.outcome import refused
from model.lab.run_key import ARITHMETIC

PATIENCE: Final = 9.0
"""Seconds within which a scheduler has to answer, and for which it may be without workers."""

BETWEEN: Final = 1.0
"""Seconds between two questions whether it is still there."""


class ClusterExecutor:
    """The workers of the scheduler at `address`, as in "tcp://HOST:8786".

    Raises `SettingsError` for what is no address; nothing is asked yet.
    """

    def __init__(self, address: str) -> None:
        if not is_address(address):
            words = f"{address!r} is no address of a cluster"
            raise SettingsError(words, "as in tcp://HOST:8786", "cluster")
        self._address = address

    def block(self, count: int) -> int:
        """One."""
        return 1

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        """Each run with its outcome, as it ends.

        Raises `BackscopeError` where nothing answers at the address, where the cluster has no
        workers or they have another Backscope, and where it goes away or falls silent.
        """
        pending: dict[Any, Block] = {}
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with closing(_connected(self._address)) as client:
            room, watch = AHEAD * _tasks_at_once(client), _Watch(client)
            while not cancelled():
                for block in islice(blocks, room - len(pending)):
                    future = client.submit(outcomes_of, block, pure=False)
                    pending[future] = block
                    future.add_done_callback(ended.put)
                if not pending:
                    return
                for future in _ended(ended):
                    yield pending.pop(future), _outcomes(future, watch)
                watch.look()


class _Watch:
    """Asks the scheduler for its workers again and again, without waiting for the answer."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._answer: Future[dict[str, int]] | None = None
        self._asked = self._manned = time.monotonic()

    def look(self) -> None:
        """Raises `BackscopeError` where nobody answers, or where no worker has come back."""
        now = time.monotonic()
        if self._answer is None:
            if now - self._asked >= BETWEEN:
                self._ask(now)
        elif self._answer.done():
            self._hear(self._answer, now)
        elif now - self._asked > PATIENCE:
            raise _lost(f"the cluster has not answered for {PATIENCE:g} seconds")

    def _ask(self, now: float) -> None:
        question = self._client.scheduler.ncores()
        self._asked = now
        self._answer = asyncio.run_coroutine_threadsafe(question, self._client.loop.asyncio_loop)

    def _hear(self, answer: "Future[dict[str, int]]", now: float) -> None:
        self._answer = None
        try:
            workers = answer.result()
        except (OSError, CancelledError) as error:
            raise _lost("the cluster has gone away") from error
        self._manned = now if workers else self._manned
        if now - self._manned > PATIENCE:
            raise _lost(f"the cluster has had no worker for {PATIENCE:g} seconds")


def _lost(message: str) -> BackscopeError:
    return BackscopeError(
        message, "start it and the sweep again: one that is kept runs only what is missing"
    )


def _ended(ended: "queue.SimpleQueue[Any]") -> Iterator[Any]:
    """The next future that ends soon, if one does."""
    try:
        yield ended.get(timeout=LOOK)
    except queue.Empty:
        return


def _outcomes(future: Any, watch: _Watch) -> Any:
    """Where the worker that has the result dies, fetching it waits until it is made again."""
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    try:
        while True:
            try:
                return future.result(timeout=BETWEEN)
            except TimeoutError:
                watch.look()
    except KilledWorker:
        return [refused(DIED)]
    except FutureCancelledError as error:
        raise _lost("the cluster has gone away") from error


def _connected(address: str) -> Any:
    """A client; a port that accepts and stays silent would keep the client's own try for ever."""
    try:
        from distributed import Client
        from distributed.comm import connect
        from distributed.security import Security
    except ImportError as error:
        hint = "pip install 'backscope[cluster]'"
        raise BackscopeError("a cluster needs the package distributed", hint) from error

    # It tells a lost connection with a traceback; here that is an error with words.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)

    async def answered() -> None:
        keys = Security().get_connection_args("client")
        comm = await asyncio.wait_for(connect(address, timeout=PATIENCE, **keys), PATIENCE)
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
            f"nobody can be asked at {address}: {error}",
            "for tls:// the certificates belong into Dask's own settings",
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

"""Worker processes that never outlive the process that started them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from multiprocessing.connection import Connection
from typing import Any, Final, Self, TypeVar, cast

T = TypeVar("T")

THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ONE_THREAD: Final = dict.fromkeys(THREADS, "1")
"""The processes share the cores already; small products gain nothing from several threads."""


class WorkerPool:
    """`jobs` processes of joblib's loky, started when the first work comes.

    Leaving the block kills them, whatever they do. Where this process itself is killed, they see
    the other end of a pipe close, and go.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._watched, self._lifeline = multiprocessing.Pipe(duplex=False)
        self._executor: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(kill_workers=True)
        self._watched.close()
        self._lifeline.close()

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Hand work over; where a process has died, others take its place."""
        try:
            return cast(Future[T], self._running().submit(function, *arguments))
        except BrokenExecutor:
            self._executor.shutdown(kill_workers=True)
            self._executor = None
            return cast(Future[T], self._running().submit(function, *arguments))

    def _running(self) -> Any:
        if self._executor is None:
            from joblib.externals.loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                self._jobs, initializer=_begin, initargs=(self._watched,), env=ONE_THREAD
            )
        return self._executor


def _begin(watched: Connection) -> None:
    """Ctrl-C reaches every process of a terminal; it is the first one that answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(watched,), daemon=True).start()


def _end_with_parent(watched: Connection) -> None:
    try:
        watched.recv()
    except (EOFError, OSError):
        os._exit(1)

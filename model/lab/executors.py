"""Where the runs of a sweep are carried out: in this process, or in several on this machine.

An executor takes blocks of variants and gives back what became of them as they end, in any order.
Closing its iterator ends whatever is under way; `model.lab.cluster` has another one.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice
from typing import Final, Protocol

from threadpoolctl import threadpool_limits

from model.lab.outcome import Outcome, refused
from model.lab.stack import BLOCK, train_block
from model.lab.variants import Variant
from model.lab.worker_pool import WorkerPool

Block = Sequence[Variant]
Blocks = Iterator[Block]
Finished = Generator[tuple[Block, list[Outcome]], None, None]
Cancelled = Callable[[], bool]

LOOK: Final = 0.1
"""Seconds between two looks at whether somebody has cancelled."""

AHEAD: Final = 2
"""Blocks for each process that are handed over before they are needed."""

BLOCKS_A_JOB: Final = 4

DIED: Final = "the process that trained it died; there may not be enough memory"


class Executor(Protocol):
    """Carries out blocks of runs somewhere."""

    def block(self, count: int) -> int:
        """How many of `count` runs are trained together at most."""

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        """Each block with its outcomes, as it ends; returns early when `cancelled` says so."""


class SerialExecutor:
    """One block after the other in this process and thread; it can be cancelled between two."""

    def block(self, count: int) -> int:
        """As many as gain from it."""
        return min(BLOCK, count)

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        """Each block with its outcomes, in order."""
        for block in blocks:
            if cancelled():
                return
            yield block, outcomes_of(block)


class ProcessExecutor:
    """Processes of joblib's loky, killed at once where they are not needed any more."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def block(self, count: int) -> int:
        """Few enough that no process waits long for another at the end."""
        return min(BLOCK, -(-count // (BLOCKS_A_JOB * self._jobs)))

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        """Each block with its outcomes, as it ends.

        Where a process dies, the runs under way are tried again, one at a time: only the one
        that it dies of is marked.
        """
        pending: dict[Future[list[Outcome]], Block] = {}
        suspects: deque[Block] = deque()
        trial: Future[list[Outcome]] | None = None
        with WorkerPool(self._jobs) as pool:
            while not cancelled():
                if not suspects and trial is None:
                    for block in islice(blocks, AHEAD * self._jobs - len(pending)):
                        pending[pool.submit(outcomes_of, block)] = block
                elif not pending:
                    trial = pool.submit(outcomes_of, suspects[0])
                    pending[trial] = suspects.popleft()
                if not pending:
                    return
                for future in wait(pending, LOOK, FIRST_COMPLETED).done:
                    block = pending.pop(future)
                    if not isinstance(future.exception(), BrokenExecutor):
                        yield block, future.result()
                    elif future is trial:
                        yield block, [refused(DIED)]
                    else:
                        suspects.extend([variant] for variant in block)
                    trial = None if future is trial else trial


def executor_for(jobs: int, cluster: str | None = None) -> Executor:
    """On the cluster at that address, or else in `jobs` processes; 1 is this one."""
    if cluster is not None:
        from model.lab.cluster import ClusterExecutor

        return ClusterExecutor(cluster)
    return SerialExecutor() if jobs == 1 else ProcessExecutor(jobs)


def cores() -> int:
    """The cores that this process may use."""
    from joblib import cpu_count

    return int(cpu_count())


def outcomes_of(block: Block) -> list[Outcome]:
    """What becomes of each variant of a block.

    Where training raises what nobody expects, the runs are tried one by one: only the one that
    it comes from is marked with it.
    """
    try:
        with threadpool_limits(1):
            return train_block(block)
    except Exception as error:
        if len(block) > 1:
            return [outcome for variant in block for outcome in outcomes_of([variant])]
        return [refused(f"{type(error).__name__}: {error}")]

"""Backscope's command line: it parses, calls and prints.

Without a command the window opens; typer and rich are imported only when a command runs, and
nothing of Backscope before `main` can answer Ctrl-C.
"""

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from typer import Typer

    from model import RunSettings, Session
    from model.analysis.conventions import Orientation
    from model.lab.executors import Executor
    from model.lab.results import Results
    from model.lab.store import Store
    from model.lab.sweep import Progress
    from model.lab.sweep_plan import SweepPlan
    from model.training.train import Result

SLICE = 0.1
"""Seconds of training between two looks at how far it is."""
FIGURE_GRID = 200
MANY_RUNS = 10_000
"""A comparison of more of them is asked about first."""
BROKEN_PIPE = 141
"""The status that a shell gives to a program whose reader has left."""
INTERRUPTED = 130
TERMINATED = 143
NAMES_HELP = """Settings for --set, with their defaults and what is allowed. A name is the path or
its last part where that is unique; bare seed is network.seed. Values are JSON or bare words:
--set learning_rate=0.1 --set layers=[20,10] --set activation=tanh."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, which is answered as Ctrl-C is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0; 1 where something could not be done, 2 for a wrong call, name or value, 130 after Ctrl-C,
    143 after SIGTERM, 141 where whoever reads the output has left.
    """
    try:
        _open_streams()
        return _answered(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt as interrupt:
        status = TERMINATED if isinstance(interrupt, Terminated) else INTERRUPTED
        return _complain(str(interrupt) or "interrupted", status=status)


def _answered(arguments: list[str]) -> int:
    """The exit status, with one line for whatever went wrong."""
    import traceback

    from model.errors import BackscopeError, SettingsError

    try:
        status = _dispatch(arguments)
        print(end="", flush=True)
        return status
    except BackscopeError as error:
        status = 2 if isinstance(error, SettingsError) else 1
        return _complain(error.message, error.hint, status=status)
    except MemoryError:
        return _complain("there is not enough memory", "try fewer points or units")
    except BrokenPipeError:
        _silence()
        return BROKEN_PIPE
    except OSError as error:
        _silence()
        return _complain(f"the output cannot be written: {error.strerror or error}")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        return _complain(f"unexpected {type(error).__name__} in {where}: {error}", "please tell us")


def _dispatch(arguments: list[str]) -> int:
    if arguments:
        return _command(arguments)
    from gui.preconditions import missing_display

    reason = missing_display(os.environ)
    if reason:
        print(f"{reason[:1].upper()}{reason[1:]}; the lab runs without it.", file=sys.stderr)
        return _command(["train"])
    return _window()


def _window() -> int:
    from gui.preconditions import check_qt
    from model.errors import BackscopeError

    check_qt()
    try:
        from gui.app import run
    except ImportError as error:
        raise BackscopeError(f"the window cannot open: {error}", "`train` needs none") from error
    return run([])


def _command(arguments: list[str]) -> int:
    """Let typer parse, then run what it found; its complaints come in one line."""
    try:
        parsed = _app()(arguments, prog_name="backscope", standalone_mode=False)
    except SystemExit:
        # Typer ends so where it cannot print its help.
        return BROKEN_PIPE
    except Exception as error:
        words = getattr(error, "format_message", None)
        if words is None:
            raise
        return _complain(words(), "--help lists commands and settings", status=2)
    with _terminable():
        return parsed() if callable(parsed) else int(parsed or 0)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM raises `Terminated` in the block, where signals can be answered."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def raised(number: int, frame: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, raised)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _app() -> "Typer":
    import typer

    from model.analysis.conventions import Orientation

    def path(text: str) -> Path:
        # Path("") would be the present folder, which nobody has named.
        if not text.strip():
            raise typer.BadParameter("it is empty")
        return Path(text)

    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    SettingsFile = Annotated[
        Path | None,
        typer.Option(parser=path, metavar="FILE.json", help="Settings; others keep defaults."),
    ]
    Assignments = Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change a setting; several times."),
    ]

    def show_version(wanted: bool) -> None:
        if wanted:
            print(f"backscope {_version()}")
            raise typer.Exit

    @app.callback(epilog=_settings_help())
    def backscope(
        version: Annotated[
            bool,
            typer.Option(
                "--version", callback=show_version, is_eager=True, help="Show the version and exit."
            ),
        ] = False,
    ) -> None:
        """A debugger for gradient descent and backpropagation; no command opens the window."""

    @app.command(epilog=_settings_help())
    def train(
        settings: SettingsFile = None,
        assignments: Assignments = None,
        out: Annotated[
            Path | None,
            typer.Option(parser=path, metavar="DIR", help="Folder for numbers and figures."),
        ] = None,
    ) -> Callable[[], int]:
        """Train without a window; the lab's network by default."""
        return lambda: _train(_settings(settings, assignments or []), out)

    @app.command(epilog=_settings_help())
    def compare(
        sweep: Annotated[
            Path | None,
            typer.Argument(metavar="SWEEP.json", help="What to compare: {settings, vary, seeds}."),
        ] = None,
        vary: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE,VALUE,…", help="What varies; several times."),
        ] = None,
        seeds: Annotated[
            int | None, typer.Option(metavar="N", help="Every combination with seeds 0 to N − 1.")
        ] = None,
        jobs: Annotated[
            int | None, typer.Option(min=1, help="Processes; as many as there are cores.")
        ] = None,
        cluster: Annotated[
            str | None,
            typer.Option(metavar="tcp://HOST:PORT", help="A Dask scheduler that is running."),
        ] = None,
        settings: SettingsFile = None,
        assignments: Assignments = None,
        out: Annotated[
            Path | None,
            typer.Option(
                parser=path, metavar="DIR", help="Folder for results; only what it lacks is run."
            ),
        ] = None,
        yes: Annotated[
            bool, typer.Option("--yes", help=f"Run more than {MANY_RUNS:,} without asking.")
        ] = False,
    ) -> Callable[[], int]:
        """Train with many settings and seeds, on all cores or a cluster, and compare."""

        def run() -> int:
            plan = _plan(sweep, settings, assignments or [], vary or [], seeds)
            return _compare(plan, out, jobs, cluster, yes)

        return run

    @app.command("check-gradients")
    def check(
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help=".npz with X, Y, W1, b1, … and your results.")
        ],
        orientation: Annotated[
            Orientation | None,
            typer.Option(help="Where the samples of X stand; inferred from X and W."),
        ] = None,
        settings: Annotated[
            Path | None,
            typer.Option(
                parser=path, metavar="FILE.json", help="Activations and loss, if not in FILE."
            ),
        ] = None,
        assignments: Annotated[
            list[str] | None,
            typer.Option(
                "--set", metavar="NAME=VALUE", help="activation, output_activation or loss."
            ),
        ] = None,
        out: Annotated[
            Path | None,
            typer.Option(parser=path, metavar="DIR", help="Folder for gradients.md."),
        ] = None,
    ) -> Callable[[], int]:
        """Compare the tensors of your own backpropagation; 0 agree, 1 differ, 2 not comparable."""
        return lambda: _check(file, orientation, settings, assignments or [], out)

    return app


def _plan(
    sweep: Path | None,
    settings: Path | None,
    assignments: Sequence[str],
    vary: Sequence[str],
    seeds: int | None,
) -> "SweepPlan":
    """The sweep file, where there is one, with what the call says besides."""
    from model.errors import FileError, SettingsError
    from model.files.sweep_json import read_sweep
    from model.lab.sweep_plan import planned
    from model.lab.variants import axis_of

    axes = tuple(map(axis_of, vary))
    if sweep is None:
        return planned(_settings(settings, []), assignments, axes, seeds)
    if settings is not None:
        raise SettingsError("settings are in the sweep file already", "give one of the two files")
    try:
        return read_sweep(sweep, assignments, axes, seeds)
    except FileError as error:
        raise SettingsError(error.message, error.hint) from error


def _settings(file: Path | None, assignments: Sequence[str]) -> "RunSettings":
    from model import RunSettings
    from model.errors import FileError, SettingsError
    from model.files.settings_json import read_settings
    from model.training.assignments import assigned

    try:
        settings = RunSettings() if file is None else read_settings(file, RunSettings)
    except FileError as error:
        raise SettingsError(error.message, error.hint) from error
    return assigned(settings, assignments)


def _check(
    file: Path,
    orientation: "Orientation | None",
    settings: Path | None,
    assignments: Sequence[str],
    out: Path | None,
) -> int:
    """1 means that gradients differ, so whatever cannot be done is 2 here."""
    from model.errors import BackscopeError

    try:
        return _compare_gradients(file, orientation, settings, assignments, out)
    except BackscopeError as error:
        return _complain(error.message, error.hint, status=2)


def _compare_gradients(
    file: Path,
    orientation: "Orientation | None",
    settings: Path | None,
    assignments: Sequence[str],
    out: Path | None,
) -> int:
    from model.files import gradient_report as report
    from model.files.atomic import writable_folder
    from model.files.own_comparison import compared
    from model.files.plain_table import plain_table

    folder = None if out is None else writable_folder(out)
    made = compared(file, orientation, _settings(settings, []) if settings else None, assignments)
    own, functions, check = made.own, made.functions, made.check
    paragraphs = (
        report.opening(own, functions),
        plain_table(report.HEAD, report.rows(check)),
        report.conclusion(own, check),
    )
    print("\n\n".join("\n".join(lines) for lines in paragraphs))
    if folder is not None:
        print(f"\nWritten to {folder / report.write_report(folder, own, functions, check)}")
    return 0 if check.agrees else 1


def _compare(
    plan: "SweepPlan", out: Path | None, jobs: int | None, cluster: str | None, yes: bool
) -> int:
    import textwrap

    from model.files.atomic import writable_folder
    from model.files.comparison_files import STORE
    from model.files.comparison_words import HEAD, conclusions, table_lines
    from model.files.plain_table import plain_table
    from model.lab.executors import cores, executor_for
    from model.lab.results import results_of
    from model.lab.store import Store

    jobs = jobs or cores()
    executor = executor_for(min(jobs, plan.count), cluster)
    plan.check_possible()
    _ask(plan, out, jobs, yes)
    folder = None if out is None else writable_folder(out)
    with Store(None if folder is None else folder / STORE) as store:
        _sweep(plan, store, executor)
        sweep = store.sweep(plan.spec, plan.title, plan.count)
        results = results_of(plan, store.rows(sweep))
        lines, note = table_lines(results)
        print("", *plain_table(HEAD, lines, numbers=True), "", sep="\n")
        print(*textwrap.wrap(note, 88), "", *conclusions(results), sep="\n")
        if folder is not None:
            _write_comparison(results, folder, store, sweep)
    return 0


def _ask(plan: "SweepPlan", out: Path | None, jobs: int, yes: bool) -> None:
    """Nobody starts a million runs by mistake."""
    if yes or plan.count <= MANY_RUNS:
        return
    from model.errors import BackscopeError, SettingsError
    from model.files.comparison_files import STORE
    from model.files.number_text import duration_text
    from model.lab.estimate import estimate
    from model.lab.sweep import missing_runs

    missing = missing_runs(plan, None if out is None else out / STORE, MANY_RUNS)
    if missing <= MANY_RUNS:
        return
    found = estimate(plan, jobs, missing)
    about = "" if missing == plan.count else "about "
    words = f"{about}{found.runs:,} runs take about {duration_text(found.seconds)}"
    if not sys.stdin.isatty():
        raise SettingsError(words, "--yes runs them all the same")
    if input(f"{words}. Run them? [y/N] ").strip().lower() not in ("y", "yes"):
        raise BackscopeError("nothing was run")


def _sweep(plan: "SweepPlan", store: "Store", executor: "Executor") -> None:
    """Run what the store lacks, with a line for each tenth where there is no terminal.

    Where it is interrupted, what is kept is said.
    """
    from model.files.comparison_words import ended_words, progress_words
    from model.lab.sweep import run_sweep

    print(f"{plan.title}: {plan.count:,} run{'s' * (plan.count != 1)}", flush=True)
    done = 0
    try:
        with _progress(plan.count, "runs") as advanced:

            def report(progress: "Progress", rows: object) -> None:
                nonlocal done
                tenths, done = 10 * done // plan.count, progress.done
                advanced(done)
                if not sys.stdout.isatty() and tenths < 10 * done // plan.count < 10:
                    print(progress_words(progress), flush=True)

            last = run_sweep(plan, store, executor, report)
    except KeyboardInterrupt as interrupt:
        kept = "" if store.path is None else f"; they are kept in {store.path}"
        words = f"interrupted: {store.done(plan.spec)} of {plan.count} runs are finished{kept}"
        raise type(interrupt)(words) from None
    print(ended_words(last))


def _train(settings: "RunSettings", out: Path | None) -> int:
    from model import Session
    from model.errors import BackscopeError
    from model.files.atomic import writable_folder
    from model.files.summary import SCORES, described, headline, score_rows
    from model.training.train import result_of

    folder = None if out is None else writable_folder(out)
    session = Session(settings)
    print(f"{described(settings, session.data)}\n")
    _run(session)
    result = result_of(session, grid=0 if folder is None else FIGURE_GRID)
    print(f"\n{headline(result)}\n")
    for row in (SCORES, *score_rows(result)):
        print(_line(row, (5, 10, 10, 6)))
    if folder is not None:
        _write(result, folder)
    if result.failure is not None:
        raise BackscopeError(headline(result), result.failure.hint)
    return 0


def _run(session: "Session") -> None:
    """Train to the end and print the lines of the table as they come."""
    from model.files.epoch_table import TITLES, table_epochs, table_row

    epochs = session.settings.training.epochs
    widths = [max(len(title), len(str(epochs))) for title in TITLES]
    table = table_epochs(epochs)
    print(_line(TITLES, widths), flush=True)

    def show(shown: Sequence[int]) -> None:
        if not shown:
            return
        history = session.history
        for epoch in shown:
            print(_line(table_row(history, epoch), widths), flush=True)

    try:
        with _progress(epochs, "epoch") as advanced:
            session.begin()
            before = 0
            while session.state == "running":
                session.advance(SLICE)
                advanced(session.epoch)
                show([epoch for epoch in table if before <= epoch < session.epoch])
                before = session.epoch
    except KeyboardInterrupt as interrupt:
        raise type(interrupt)(f"interrupted at epoch {session.epoch}") from None
    last = session.history.epoch - 1
    if last >= 0 and last not in table:
        show([last])


@contextmanager
def _progress(total: int, unit: str) -> Iterator[Callable[[int], None]]:
    """A bar under what is printed meanwhile, on a terminal only."""
    if not sys.stdout.isatty():
        yield lambda done: None
        return
    from rich import progress

    columns = (
        progress.TextColumn(unit),
        progress.MofNCompleteColumn(),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _write(result: "Result", folder: Path) -> None:
    """The numbers first: they are there even where no figure can be drawn."""
    from model.files.results import write_results

    names = write_results(folder, result)
    with _drawing():
        from gui.figures import save_run_figures

        names += [path.name for path in save_run_figures(result.snapshot, folder)]
    _print_files(folder, names)


def _write_comparison(results: "Results", folder: Path, store: "Store", sweep: int) -> None:
    """The numbers first here too; then the summary once more, with the figures in it."""
    from model.files.comparison_files import kept_runs, write_comparison
    from model.files.comparison_summary import write_comparison_summary

    with kept_runs(folder):
        names = write_comparison(folder, results, store, sweep)
        with _drawing():
            from gui.comparison_figures import save_comparison_figures

            figures = [path.name for path in save_comparison_figures(results, folder)]
        pictures = [name for name in figures if name.endswith(".png")]
        write_comparison_summary(folder / "summary.md", results, pictures)
    _print_files(folder, [*names, *figures])


@contextmanager
def _drawing() -> Iterator[None]:
    from gui.preconditions import check_qt
    from model.errors import BackscopeError

    check_qt()
    try:
        yield
    except ImportError as error:
        raise BackscopeError(f"the figures cannot be drawn: {error}") from error


def _print_files(folder: Path, names: Sequence[str]) -> None:
    import textwrap

    print(f"\nWritten to {folder}")
    for line in textwrap.wrap(", ".join(names), 76):
        print(f"  {line}")


def _settings_help() -> str:
    """All settings; the mark keeps the lines of a paragraph as they are."""
    from model import RunSettings
    from model.settings_text import settings_text

    paragraphs = (f"\b\n{paragraph}" for paragraph in settings_text(RunSettings))
    return "\n\n".join((NAMES_HELP, *paragraphs))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))


def _version() -> str:
    """That of the source this is run from, else of the installed package."""
    import tomllib
    from importlib.metadata import version

    project = Path(__file__).with_name("pyproject.toml")
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return version("backscope")


def _open_streams() -> None:
    """A closed one swallows what is printed; characters that one does not know become "?"."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _silence() -> None:
    """What is left to print would raise the same error once more at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str, hint: str = "", status: int = 1) -> int:
    """One line for whatever went wrong."""
    words = f"{message.rstrip('.')} ({hint})" if hint else message
    print(f"backscope: {' '.join(words.split())}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

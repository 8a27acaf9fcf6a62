"""Reading files that somebody else may have made: never more of them than makes sense."""

from pathlib import Path

from model.errors import FileError


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of a file; `FileError` where there is none or it has more than `limit` of them."""
    try:
        path = path.expanduser()
        if path.exists() and not path.is_file():
            raise FileError(f"{path} is no file")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise FileError(f"there is no file {path}") from error
    except (OSError, ValueError, RuntimeError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"{path} cannot be read: {cause.lower()}") from error
    if len(content) > limit:
        raise FileError(f"{path.name} is too large: at most {limit / 1e6:g} MB are read")
    return content

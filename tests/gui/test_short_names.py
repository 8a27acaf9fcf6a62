from hypothesis import given, settings
from hypothesis import strategies as st

from gui.widgets.short_names import MORE, shortened, shortened_parts


def test_names_with_room_stay_as_they_are() -> None:
    assert shortened(["relu", "tanh"], len, 4) == ["relu", "tanh"]
    assert shortened([], len, 4) == []


def test_the_middle_is_left_out_first() -> None:
    assert shortened(["leaky_relu", "he"], len, 7) == ["lea…elu", "he"]


def test_names_that_would_read_alike_keep_what_tells_them_apart() -> None:
    assert shortened(["aaaaaaaaab", "aaaaaaaaac"], len, 4) == ["aa…b", "aa…c"]
    middles = ["aaaaaaXbbbbbb", "aaaaaaYbbbbbb"]
    assert shortened(middles, len, 5) == ["…X…", "…Y…"]
    assert shortened(["abcdefxxxxxx", "bbcdefyxxxxx"], len, 3) == ["a…x", "b…x"]


def test_each_part_is_shortened_by_itself() -> None:
    names = [("10, 10, 10, 5", "relu"), ("10, 10, 10, 6", "relu")]
    assert shortened_parts(names, " · ", len, 14) == ["10,…, 5 · relu", "10,…, 6 · relu"]
    assert shortened_parts(names, " · ", len, 30)[0] == "10, 10, 10, 5 · relu"
    assert shortened_parts([], " · ", len, 30) == []


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.text("ab1", min_size=1, max_size=12), max_size=6), st.integers(1, 14))
def test_no_name_is_wider_than_its_room(names: list[str], room: int) -> None:
    short = shortened(names, len, room)
    assert all(len(text) <= room for text in short)
    assert all(MORE in text or text == name for text, name in zip(short, names, strict=True))

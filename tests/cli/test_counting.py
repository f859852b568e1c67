"""The bar of counted steps: seen on a terminal, silent elsewhere."""

import pytest
import rich.console

from tenfold.cli.shared.counting import show_counting


def count(quiet: bool) -> None:
    with show_counting("sets of images", quiet) as show:
        for done in range(4):
            show(done, 3)


@pytest.mark.parametrize(("terminal", "quiet"), [(True, False), (True, True), (False, False)])
def test_only_who_looks_at_a_terminal_sees_it(
    terminal: bool,
    quiet: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(rich.console.Console, "is_terminal", property(lambda self: terminal))
    count(quiet)
    printed = capsys.readouterr()
    assert not printed.out
    assert ("sets of images" in printed.err and "3/3" in printed.err) == (terminal and not quiet)

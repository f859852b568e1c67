import pytest

from tenfold.cli.shared.bar import show_work


def test_a_terminal_sees_what_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any stream for a terminal then
    with show_work(10, quiet=False) as show:
        show("fold [1] of 2", 5)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "fold [1] of 2" in shown.err


@pytest.mark.parametrize("quiet", [True, False])
def test_nobody_looking_means_silence(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with show_work(10, quiet) as show:
        show("work", 5)
    assert capsys.readouterr() == ("", "")

import typer

from tenfold.cli.commands import data
from tenfold.cli.main import COMMANDS
from tenfold.cli.shared.lazy_group import lazy_group

from .conftest import Tenfold, imported_modules


def test_every_command_is_found_by_its_name() -> None:
    for package, names in (("commands", COMMANDS), ("commands.data", data.COMMANDS)):
        group = lazy_group(f"tenfold.cli.{package}", names)()
        context = typer.Context(group)
        assert group.list_commands(context) == list(names)
        for name in names:
            command = group.get_command(context, name)
            assert command is not None
            assert command.help


def test_only_the_named_command_is_imported() -> None:
    imported = imported_modules("data", "kaggle", "--help")
    commands = {name for name in imported if name.startswith("tenfold.cli.commands.")}
    assert commands == {"tenfold.cli.commands.data", "tenfold.cli.commands.data.kaggle"}


def test_unknown_command_suggests_the_nearest(tenfold: Tenfold) -> None:
    answer = tenfold("trian")
    assert answer.code == 2
    assert "No such command 'trian'. Did you mean 'train'?" in answer.err
    assert "Did you mean 'info'?" in tenfold("data", "inof").err

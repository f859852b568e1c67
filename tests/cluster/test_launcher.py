"""Processes that were started together."""

import sys

import pytest

from tenfold.cluster.launcher import (
    launched_by_mpiexec,
    launched_ranks,
    lead_or_follow,
    number_of_this_rank,
)
from tenfold.cluster.mpi_team import MpiTeam
from tenfold.cluster.ranks import this_team
from tenfold.errors import TenfoldError, UsageError
from tenfold.training import SINGLE_PROCESS

VARIABLES = ("PMI_SIZE", "PMI_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "SLURM_NTASKS", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)


def test_a_process_is_alone_by_default() -> None:
    assert (launched_ranks(), launched_by_mpiexec(), number_of_this_rank()) == (1, False, 0)
    assert this_team() is SINGLE_PROCESS


@pytest.mark.parametrize(
    ("size", "rank", "mpiexec"),
    [
        ("PMI_SIZE", "PMI_RANK", True),
        ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", True),
        ("SLURM_NTASKS", "SLURM_PROCID", False),
    ],
)
def test_the_variables_of_each_launcher(
    size: str, rank: str, mpiexec: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(size, "4")
    monkeypatch.setenv(rank, "3")
    assert (launched_ranks(), launched_by_mpiexec(), number_of_this_rank()) == (4, mpiexec, 3)


def test_a_variable_that_is_no_number_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_NTASKS", "many")
    with pytest.raises(
        TenfoldError, match="SLURM_NTASKS must be a number of processes, got 'many'"
    ):
        launched_ranks()


def test_several_processes_without_mpi_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(TenfoldError, match=r"need MPI .*: install it .* '\.\[mpi\]'"):
        MpiTeam(2)


def test_other_commands_are_refused_under_mpiexec(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setenv("PMI_SIZE", "2")
    with pytest.raises(UsageError, match="mpiexec can start tenfold train only"):
        lead_or_follow(lambda: called.append(1), ["evaluate"])
    assert not called


def test_other_commands_run_in_a_batch_job_of_slurm(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setenv("SLURM_NTASKS", "2")
    lead_or_follow(lambda: called.append(1), ["evaluate"])
    assert called == [1]

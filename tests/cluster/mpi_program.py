"""Run by ``mpiexec``: trainings over ranks; rank 0 prints a digest of each."""

import hashlib
import json
import sys

from tenfold.cluster.launcher import launched_ranks
from tenfold.cluster.mpi_team import MpiTeam
from tests.training.team_trainings import OPTIONS, first_digits, train

team = MpiTeam(launched_ranks())
digits = first_digits()
digests = {
    name: hashlib.sha256(train(team, digits, **options)).hexdigest()
    for name, options in OPTIONS.items()
    if options["shards"] >= team.size
}
if team.rank == 0:
    json.dump(digests, sys.stdout)
else:
    assert team.next_run() is None
assert team.end(60)

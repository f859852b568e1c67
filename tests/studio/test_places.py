"""Which trainings the studio accepts: how large each is, and how many run."""

import pytest

from tenfold.errors import UsageError
from tenfold.studio.jobs.racer import racers_of
from tenfold.studio.library import Library
from tenfold.studio.server.session import Sessions
from tenfold.studio.server.settings import Settings
from tenfold.studio.views import base
from tenfold.studio.views.base import Page, Studio, training_slot


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["source=ReaderSource"], "source must not be ReaderSource"),
        (["architecture=Sequential", "layout=9999c1-G-F"], "the layers must have at most"),
    ],
)
def test_networks_that_a_page_cannot_wait_for_are_refused(
    settings: list[str], message: str
) -> None:
    entry = {"name": "slow", "recipe": "quick", "settings": settings}
    with pytest.raises(UsageError, match=f"slow: {message}"):
        racers_of({"type": "train", "seed": 0, "racers": [entry]})


def test_all_trainings_that_run_have_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    class Training:
        busy = False

    sessions, trainings = Sessions(), [Training(), Training(), Training()]
    studio = Studio(Settings(), Library("standard"), sessions)
    session = sessions.find("")
    page = Page(studio, session, None)  # type: ignore[arg-type]
    for index, training in enumerate(trainings):
        session.states[str(index)] = training
    monkeypatch.setattr(base, "_MOST_JOBS", 2)
    for training in trainings[:2]:
        with training_slot(page, training):
            training.busy = True
    with pytest.raises(UsageError, match="2 trainings are already running"):
        training_slot(page, trainings[2]).__enter__()
    with training_slot(page, trainings[0]):  # its own place
        assert studio.starting.locked()

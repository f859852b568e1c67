"""Train: networks that learn while the user watches and changes their settings."""

from typing import Any

from tenfold.recipes import RECIPES
from tenfold.studio.jobs.composition import composition
from tenfold.studio.jobs.job import Job
from tenfold.studio.jobs.presets import PRESETS
from tenfold.studio.jobs.racer import MOST_RACERS, racers_of, trainable
from tenfold.studio.server.messages import Message, MessageError, read_field
from tenfold.studio.views.base import Page, View, training_slot

__all__ = ["TRAIN"]

_STATE = "train"


def _job(page: Page) -> Job:
    """Return the job of a session."""
    session = page.session

    def finished(name: str, folder: str) -> None:
        page.studio.library.add(f"{name} ({folder})", folder)
        session.post("models", {"names": page.studio.library.names})

    return session.state(_STATE, lambda: Job(session.post, finished))


def _open(page: Page, message: Message) -> None:
    """Answer ``train-open`` with the presets and the state of the training."""
    presets: list[dict[str, Any]] = [
        {
            "name": preset.name,
            "title": preset.title,
            "question": preset.question,
            "notes": preset.notes,
            "group": preset.group,
            "racers": [
                {"name": name, "recipe": recipe, "settings": list(settings)}
                for name, recipe, settings in preset.racers
            ],
        }
        for preset in PRESETS
    ]
    recipes = [{"name": name, "summary": RECIPES[name].summary} for name in trainable()]
    page.connection.post("train-choices", {"presets": presets, "recipes": recipes})
    job = _job(page)
    job.prepare()
    job.send_all()


def _compose(page: Page, message: Message) -> None:
    """Answer ``compose {layouts}`` with the layers of each network that is put together by hand."""
    layouts = read_field(message, "layouts", list)
    if len(layouts) > MOST_RACERS:
        raise MessageError(f"layouts must be at most {MOST_RACERS}, got {len(layouts)}")
    page.connection.post("composed", {"networks": [composition(entry) for entry in layouts]})


def _train(page: Page, message: Message) -> None:
    """Answer ``train {seed, racers, paused}``: begin a training."""
    paused, racers, job = read_field(message, "paused", bool, False), racers_of(message), _job(page)
    with training_slot(page, job):
        job.train(racers, page.studio.settings.runs, paused)


def _control(page: Page, message: Message) -> None:
    """Answer ``pause``, ``resume``, ``step``, ``epoch`` and ``stop``."""
    job, name = _job(page), message["type"]
    if name == "resume" and not job.busy:
        with training_slot(page, job):
            job.resume()
    else:
        job.command(name)


def _set(page: Page, message: Message) -> None:
    """Answer ``set {racer, key, value}``: change a setting."""
    value = float(read_field(message, "value", (int, float)))
    _job(page).set(read_field(message, "racer", int), read_field(message, "key", str), value)


TRAIN = View(
    name="train",
    title="Train",
    hint="Watch networks learn, and change their settings while they do",
    handlers={
        "train-open": _open,
        "compose": _compose,
        "train": _train,
        "set": _set,
        **dict.fromkeys(("pause", "resume", "step", "epoch", "stop"), _control),
    },
    only_newest_of=frozenset({"compose"}),
)
"""The view."""

"""The tours: every step leads to an existing view, in a state that the view accepts."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

import tenfold
from tenfold.images.distortions import DISTORTIONS
from tenfold.inspection import freeze, trace
from tenfold.models import bundled_models
from tenfold.studio.ink.answers import is_empty
from tenfold.studio.ink.strokes import rasterise, strokes_of
from tenfold.studio.jobs.presets import PRESETS
from tenfold.studio.jobs.racer import racers_of
from tenfold.studio.server.assets import read_assets
from tenfold.studio.tours.registry import TOURS
from tenfold.studio.tours.tour import Step, Tour
from tenfold.studio.views.registry import VIEWS

from .conftest import Talk

STEPS = [(tour, step) for tour in TOURS for step in tour.steps]
SCRIPTS = "".join(
    asset.content.decode() for name, asset in read_assets().items() if name.endswith(".js")
)


def taken_apart(step: Step) -> tuple[str, dict[str, str], str]:
    """Return view, query and fragment of the address of a step."""
    parts = urlsplit(step.address)
    query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    return parts.path.removeprefix("/"), query, parts.fragment


def steps_in(view: str) -> Iterator[tuple[Step, dict[str, str], str]]:
    for _, step in STEPS:
        name, query, fragment = taken_apart(step)
        if name == view:
            yield step, query, fragment


def racers(query: dict[str, str]) -> list[str]:
    """Return the names of the networks of an address of Train, which must be trainable."""
    (preset,) = (each for each in PRESETS if each.name == query["show"])
    entries = [{"name": n, "recipe": r, "settings": [*s]} for n, r, s in preset.racers]
    if "nets" in query:
        entries = json.loads(query["nets"])
    for entry in entries:
        entry["settings"] = [*entry["settings"], f"epochs={query['epochs']}"]
    found = racers_of({"type": "train", "seed": 0, "racers": entries})
    return [racer.name for racer in found]


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_a_tour_is_a_short_list_of_steps_with_short_texts(tour: Tour) -> None:
    assert 4 <= len(tour.steps) <= 8
    assert re.fullmatch(r"[a-z-]+", tour.name)
    assert tour.question.endswith("?")
    for step in tour.steps:
        assert step.text, step.title
        assert sum(map(len, step.text)) < 400, step.title
        assert all(part[-1] in ".?)" for part in step.text), step.title
        assert len(step.formula) <= 3


def test_every_step_belongs_to_another_view_than_learn() -> None:
    views = {view.name for view in VIEWS} - {"learn"}
    assert {taken_apart(step)[0] for _, step in STEPS} <= views
    assert len({tour.name for tour in TOURS}) == len(TOURS) == 6


def test_steps_in_train_wait_for_networks_of_their_race() -> None:
    for step, query, _ in steps_in("train"):
        names = racers(query)
        assert set(query) <= {"show", "epochs", "nets"}
        for condition in (step.until, step.impossible_if):
            if condition is not None:
                (name,) = re.findall('"Progress of ([^"]*)"', condition.selector)
                place = re.findall(r"circle\.s(\d)|nth-child\((\d)\)", condition.selector)
                for dots, button in place:
                    assert names[int(dots or int(button) - 1)] == name
                assert name in names
        quoted = set(re.findall("“([^”]*)”", " ".join(step.text))) - {"Learning rate"}
        assert quoted <= set(names), step.title


def test_steps_in_inside_show_a_number_of_the_network() -> None:
    found = trace(freeze(tenfold.load("standard").network, np.float64), np.zeros((28, 28, 1)), 0)
    for _, query, _ in steps_in("inside"):
        assert query["model"] == "standard"
        assert int(query["digit"]) < 10_000
        unit = tuple(map(int, query["unit"].split(".")))
        assert np.isfinite(found.outputs[int(query["layer"])][unit])


def test_steps_in_draw_contain_ink_as_the_page_writes_it() -> None:
    for _, query, fragment in steps_in("draw"):
        assert query == {"model": "standard"}
        strokes = [
            [int(number, 36) for number in stroke.split(".")]
            for stroke in fragment.removeprefix("ink=").split("-")
            if stroke
        ]
        drawn = rasterise(strokes_of({"type": "draw", "strokes": strokes}))
        assert is_empty(drawn) == (fragment == "")


def test_steps_in_judge_and_read_have_values_in_their_ranges() -> None:
    assert "standard" in bundled_models()
    for _, query, _ in steps_in("judge"):
        assert query.pop("model") == "standard"
        for name, strength in query.items():
            assert min(DISTORTIONS[name].strengths) <= float(strength)
            assert float(strength) <= max(DISTORTIONS[name].strengths)
    for _, query, _ in steps_in("read"):
        assert int(query["example"]) >= 0


def test_the_parts_of_the_views_are_known_to_the_scripts() -> None:
    for _, step in STEPS:
        conditions = [each for each in (step.until, step.impossible_if) if each is not None]
        for selector in [step.focus, *(each.selector for each in conditions)]:
            plain = re.sub(r'"[^"]*"', "", selector)
            for name in re.findall(r"\.([a-z]+)(?![\w-])", plain):
                assert re.search(rf"\b{name}\b", SCRIPTS), (step.title, name)


def test_a_page_gets_all_tours(talk: Talk) -> None:
    with talk() as socket:
        socket.send_json({"type": "learn-open"})
        found = socket.receive_json()
    assert [tour["name"] for tour in found["tours"]] == [tour.name for tour in TOURS]
    first = found["tours"][0]["steps"][1]
    assert first["until"]["count"] == 1
    assert first["formula"] == []

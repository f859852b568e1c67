"""A studio to ask: in this process with starlette's test client, and as a program of its own."""

import io
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from tenfold.data import load_mnist
from tenfold.inspection import stages
from tenfold.models import Model
from tenfold.nn import BatchNorm, ConvMaxPool, Dense, Flatten, Network, Normalize, ReLU
from tenfold.nn.array import Array
from tenfold.studio import Settings
from tenfold.studio.library import Library
from tenfold.studio.server.app import create_app

ADDRESS = "http://127.0.0.1:8010"
OWN = {"host": "127.0.0.1:8010", "origin": ADDRESS}
"""Headers of the studio's own page."""


def png(image: Array) -> bytes:
    """Return a picture as the content of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


Talk = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_prepared_in_advance() -> Iterator[None]:
    """Leave out the preparation of the first answer, which most tests do not need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Library, "warm_up", lambda self: None)
        yield


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for the runs of these studios."""
    return tmp_path_factory.mktemp("studio")


@pytest.fixture(scope="module")
def client(runs: Path) -> Iterator[TestClient]:
    """A studio on the loopback address."""
    with TestClient(create_app(Settings(runs=runs)), base_url=ADDRESS) as client:
        yield client


@pytest.fixture
def talk(client: TestClient) -> Talk:
    """Open a page's WebSocket, say hello, and return it with the welcome."""

    @contextmanager
    def opened(session: str = "") -> Iterator[Any]:
        socket: Any
        with client.websocket_connect("/socket", headers=OWN) as socket:
            socket.send_json({"type": "hello", "session": session})
            socket.welcome = socket.receive_json()
            yield socket

    return opened


@pytest.fixture(scope="session")
def program(runs: Path) -> Iterator[str]:
    """The address of a studio that runs as a program, with a network that takes little time."""
    save_small_network(runs / "small.safetensors")
    with started(runs, "small.safetensors") as address:
        yield address


def save_small_network(path: Path) -> None:
    """Save a network with random filters, and the nearest class mean behind them."""
    train = load_mnist("train").subset(slice(2000))
    labels = train.require_labels()
    filters = [Normalize(), ConvMaxPool(1, 4), BatchNorm(4), ReLU(), Flatten()]
    network = Network([*filters, Dense(4 * 169, 10)], seed=2)
    network.recompute_statistics(train.images)
    features = dict(stages(network, train.images))["1 ConvMaxPool"]
    means = np.stack([features[labels == digit].mean(axis=0) for digit in range(10)], axis=1)
    weight, bias = network.layers[-1].parameters
    weight.value[...], bias.value[...] = means, -(means**2).sum(axis=0) / 2
    Model(network, temperature=20).save(path)


@contextmanager
def started(runs: Path, *arguments: str) -> Iterator[str]:
    """Run ``tenfold studio`` in a folder, and yield its address."""
    command = [sys.executable, "-m", "tenfold", "studio", "--no-open", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=runs) as studio:
        assert studio.stdout is not None
        line = studio.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line
        try:
            yield found[0]
        finally:
            studio.send_signal(signal.SIGINT)
            code = studio.wait(60)
        assert code == 0

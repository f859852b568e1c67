"""Give the network that comes with the package its temperature and its threshold for "unsure".

Both are chosen on the validation images of its recipe, which it was not trained on; the test images
are opened once, afterwards, and decide nothing. Its weights stay as they are; its file and the
metrics beside it are written anew.

python experiments/calibrate_model.py [standard]
"""

import json
import sys

from tenfold.errors import UsageError
from tenfold.evaluation import images_needed
from tenfold.files import write_json
from tenfold.models import DEFAULT_MODEL, bundled_models, load_model
from tenfold.recipes import RECIPES
from tenfold.runs.finalization import calibrate, evaluate


def main(name: str) -> None:
    """Calibrate, evaluate, write down, and say what came out."""
    trained, split = bundled_models()[name], RECIPES[name].source.load()
    if split.validation is None or split.test is None:
        raise UsageError(f"{name} has no images to be calibrated and tested on")
    model = load_model(trained.path)
    _check_images(model.provenance["data"], split.validation.fingerprint)
    found = calibrate(model, split.validation)
    _, test = evaluate(model, split.test)
    metrics = dict(trained.metrics)
    seconds = metrics.pop("seconds")
    metrics |= {
        "validation": found.score.metrics(),
        "calibration": {"temperature": model.temperature, **found.to_dict()},
        "test": test,
        "seconds": seconds,
    }
    model.save(trained.path)
    told = {"metrics": metrics, "environment": trained.environment}
    write_json(trained.path.with_suffix(".json"), told)
    print(json.dumps({name: metrics[name] for name in ("calibration", "test")}, indent=2))
    if model.unsure_below is None:
        print(f"no threshold: too many mistakes, or fewer than {images_needed()} images")


def _check_images(data: dict[str, str], fingerprint: str) -> None:
    if data["validation"] != fingerprint:
        raise UsageError("the validation images are not those that the model was held against")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else DEFAULT_MODEL)

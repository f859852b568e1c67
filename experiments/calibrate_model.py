"""Choose the temperature and the "unsure" threshold of a bundled model again.

    python -m experiments.calibrate_model               the model standard
    python -m experiments.calibrate_model NAME

Both are chosen on the validation images of the model's recipe, on which it was not trained. The
test images are only used to measure the result. The weights do not change; the model file and the
metrics next to it are rewritten.
"""

import argparse
import json
import sys

from tenfold.errors import UsageError
from tenfold.evaluation import images_needed
from tenfold.files import write_json
from tenfold.models import DEFAULT_MODEL, bundled_models, load_model
from tenfold.recipes import RECIPES
from tenfold.runs.finalization import calibrate, evaluate


def main(arguments: list[str]) -> None:
    """Calibrate, measure, write and print the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", choices=bundled_models(), default=DEFAULT_MODEL)
    name = parser.parse_args(arguments).name
    bundled, split = bundled_models()[name], RECIPES[name].source.load()
    if split.validation is None or split.test is None:
        raise UsageError(f"the recipe {name} must have validation and test images")
    model = load_model(bundled.path)
    if model.provenance["data"]["validation"] != split.validation.fingerprint:
        raise UsageError("the validation images must be those of the training of the model")
    calibration = calibrate(model, split.validation)
    _, test = evaluate(model, split.test)
    metrics = dict(bundled.metrics)
    seconds = metrics.pop("seconds")
    metrics |= {
        "validation": calibration.score.metrics(),
        "calibration": {"temperature": model.temperature, **calibration.to_dict()},
        "test": test,
        "seconds": seconds,
    }
    model.save(bundled.path)
    content = {"metrics": metrics, "environment": bundled.environment}
    write_json(bundled.path.with_suffix(".json"), content)
    print(json.dumps({name: metrics[name] for name in ("calibration", "test")}, indent=2))
    if model.unsure_below is None:
        print(f"no threshold: too many errors, or fewer than {images_needed()} images")


if __name__ == "__main__":
    main(sys.argv[1:])

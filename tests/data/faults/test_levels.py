"""Levels of background and ink: wrong ones are named with numbers, and the fix restores images."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.data.faults.finding import Finding
from tenfold.data.faults.measurements import Measurements
from tenfold.data.faults.search import find_faults
from tenfold.nn import stream
from tenfold.nn.array import Array
from tests.data.faults.corrected import run_lines


@pytest.fixture(scope="module")
def sound(digits: Dataset) -> Dataset:
    return digits.subset(slice(200))


def found(data: Dataset) -> tuple[Finding, ...]:
    return find_faults(Measurements(data))


def mapped(images: Array, background: Array | int, ink: Array | int) -> Array:
    """Return the images with 0 at ``background`` and 255 at ``ink``, which may differ by image."""
    low, high = (np.reshape(level, (-1, 1, 1, 1)).astype(float) for level in (background, ink))
    return np.rint(low + images * ((high - low) / 255)).astype(np.uint8)


def check_restored(data: Dataset, original: Dataset, contrast: int, name: str) -> Finding:
    """Check that there is one finding, whose fix gives the original images but for rounding."""
    [finding] = found(data)
    assert finding.name == name
    assert finding.severity == "serious"
    better = run_lines(finding.fix, data)
    assert found(better) == ()
    difference = np.abs(better.images.astype(int) - original.images)
    assert difference.max() <= 255 / contrast
    return finding


@pytest.mark.parametrize("scale", [2, 9, 16, 63, 100, 127])
def test_low_scale_is_found_and_stretched(scale: int, sound: Dataset) -> None:
    data = Dataset(mapped(sound.images, 0, scale), sound.labels)
    finding = check_restored(data, sound, scale, "pixel-scale")
    assert f"the brightest ink in 200 images is {scale}" in finding.evidence
    assert f"on a scale from 0 to {scale}" in finding.cause


def test_black_and_white_images_are_multiplied_by_255(sound: Dataset) -> None:
    ones = (sound.images > 127).astype(np.uint8)
    [finding] = found(Dataset(ones, sound.labels))
    assert finding.fix == "images = images * 255"
    better = run_lines(finding.fix, Dataset(ones))
    assert (better.images == ones * 255).all()
    assert found(better) == ()


@pytest.mark.parametrize(
    ("background", "ink"), [(30, 255), (30, 215), (12, 255), (100, 200), (128, 255), (2, 16)]
)
def test_grey_background_is_found_and_subtracted(background: int, ink: int, sound: Dataset) -> None:
    data = Dataset(mapped(sound.images, background, ink), sound.labels)
    finding = check_restored(data, sound, ink - background, "grey-background")
    assert finding.what == "the background of the images is not black"
    assert f"is at {background}, and the ink reaches {ink} " in finding.evidence


@pytest.mark.parametrize(
    ("paper", "ink"), [(100, 10), (255, 0), (240, 20), (60, 5), (16, 0), (255, 180), (120, 110)]
)
def test_light_paper_is_found_inverted_and_stretched(paper: int, ink: int, sound: Dataset) -> None:
    data = Dataset(mapped(sound.images, paper, ink), sound.labels)
    finding = check_restored(data, sound, paper - ink, "inverted-images")
    assert f"the background, {paper}, is lighter than the ink, {ink} " in finding.evidence


def test_full_inversion_has_the_simplest_fix(sound: Dataset) -> None:
    [finding] = found(Dataset(255 - sound.images))
    assert finding.fix == "images = 255 - images"


def test_backgrounds_that_differ_between_images_are_corrected_for_each(sound: Dataset) -> None:
    levels = stream(0, "levels").integers(20, 90, len(sound))
    data = Dataset(mapped(sound.images, levels, levels + 160), sound.labels)
    finding = check_restored(data, sound, 159, "grey-background")
    assert f"is at {levels.min()} to {levels.max()}" in finding.evidence


@pytest.mark.parametrize("every", [2, 3, 50])
def test_inverted_images_among_others_are_corrected(every: int, sound: Dataset) -> None:
    images = sound.images.copy()
    images[::every] = 255 - images[::every]
    finding = check_restored(Dataset(images, sound.labels), sound, 255, "inverted-images")
    assert finding.what.startswith(f"{len(images[::every])} of the images are inverted")


def test_light_and_dark_ink_on_the_same_background_are_both_found(sound: Dataset) -> None:
    ink = np.where(np.arange(len(sound)) % 2, 255, 1)
    data = Dataset(mapped(sound.images, 128, ink), sound.labels)
    finding = check_restored(data, sound, 127, "inverted-images")
    assert finding.what.startswith("100 of the images are inverted")


def test_one_inverted_image_in_two_hundred_is_a_warning(sound: Dataset) -> None:
    images = sound.images.copy()
    images[7] = 255 - images[7]
    [finding] = found(Dataset(images, sound.labels))
    assert finding.severity == "warning"
    assert (run_lines(finding.fix, Dataset(images)).images == sound.images).all()


def test_noise_on_the_background_is_no_obstacle(sound: Dataset) -> None:
    noise = stream(0, "noise").integers(-4, 5, sound.images.shape)
    images = mapped(sound.images, 30, 200) + noise
    [finding] = found(Dataset(images.astype(np.uint8), sound.labels))
    assert finding.name == "grey-background"
    assert found(run_lines(finding.fix, Dataset(images.astype(np.uint8)))) == ()


@pytest.mark.parametrize(("background", "ink"), [(0, 255), (0, 128), (8, 255), (0, 200), (5, 180)])
def test_usual_levels_have_no_finding(background: int, ink: int, sound: Dataset) -> None:
    assert found(Dataset(mapped(sound.images, background, ink), sound.labels)) == ()


def test_some_digits_that_touch_the_border_are_no_fault(sound: Dataset) -> None:
    images = sound.images.copy()
    images[:2, :, :20] = 60  # 2 of 200
    assert found(Dataset(images, sound.labels)) == ()
    images[2, :, :20] = 60
    [finding] = found(Dataset(images, sound.labels))
    assert finding.what == "the background of 3 of the images is not black"


@pytest.mark.parametrize(("background", "ink"), [(0, 16), (30, 215), (100, 10), (255, 0), (0, 1)])
@pytest.mark.parametrize("shade", [0, 40, 255])
def test_blank_images_do_not_change_the_levels(
    background: int, ink: int, shade: int, sound: Dataset
) -> None:
    images = mapped((sound.images > 127) * np.uint8(255), background, ink)
    images[[3, 8]] = shade
    data = Dataset(images, sound.labels)
    level_fault = found(data)[0]
    left = found(run_lines(level_fault.fix, data))
    assert [finding.name for finding in left] == ["blank-images"]
    assert found(run_lines(left[0].fix, run_lines(level_fault.fix, data))) == ()


def test_only_blank_images_have_no_levels() -> None:
    data = Dataset(np.full((5, 28, 28, 1), 77, np.uint8))
    assert [finding.name for finding in found(data)] == ["blank-images"]

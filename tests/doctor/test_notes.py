"""The doctor shows the notes of the readers of data."""

import dataclasses

from tenfold.data import Dataset
from tenfold.data.arrays import LOW_SCALE_NOTE
from tenfold.data.orientation import TRANSPOSED
from tenfold.doctor import examine_data


def test_notes_of_the_reader_are_kept_unless_a_finding_repeats_them(digits: Dataset) -> None:
    sound = digits.subset(slice(120))
    train = dataclasses.replace(sound, notes=("a column was left out", "both"))
    test = dataclasses.replace(sound, notes=("both", "3 files were left out"))
    examination = examine_data(train, test)
    assert examination.notes == ("a column was left out", "both", "3 files were left out")
    assert examination.to_dict()["notes"] == list(examination.notes)
    low = Dataset(sound.images // 16, sound.labels, notes=(f"x: {LOW_SCALE_NOTE}", "other"))
    assert examine_data(low).notes == ("other",)
    turned = Dataset(sound.images.swapaxes(1, 2), sound.labels, notes=(TRANSPOSED,))
    assert examine_data(turned).notes == ()

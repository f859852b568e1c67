import os
import signal

import pytest

from tenfold.cli.shared.interrupt import stop_on_ctrl_c


def test_first_ctrl_c_requests_a_stop_and_the_second_raises() -> None:
    previous = signal.getsignal(signal.SIGINT)
    with stop_on_ctrl_c() as requested:
        assert not requested()
        os.kill(os.getpid(), signal.SIGINT)
        assert requested()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is previous

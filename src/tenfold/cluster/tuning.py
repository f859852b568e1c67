"""A search for good settings: Optuna proposes them, and the validation accuracy decides.

Optuna runs only in the process of the command. Its study is not stored: each command rebuilds it
from the recorded trials.

References:
    Akiba et al., "Optuna: a next-generation hyperparameter optimization framework" (2019);
    Bergstra et al., "Algorithms for hyper-parameter optimization" (2011), for the proposals (TPE);
    Watanabe et al., "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary
    subspaces" (2023), for the importance of the settings.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from tenfold.cluster.drive import Workers, save_returned_files
from tenfold.cluster.jobs import Event, Job, shared_token
from tenfold.cluster.trials import Search, Trial, load_without_test
from tenfold.errors import TenfoldError

__all__ = ["Tuning"]

_PAUSE = 0.2  # seconds between two checks whether to stop
_STARTUP = 5  # number of first trials that do not depend on earlier trials
_MIN_IMPORTANCE_TRIALS = 5


class Tuning:
    """Carries out a search.

    Args:
        search: The search; its folder exists.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads of each trial; None for the cores, divided by the number of
            trials that run at the same time.

    Attributes:
        trials: The trials so far, by number.

    Raises:
        TenfoldError: If Optuna is missing, or a record of a trial is damaged.
    """

    def __init__(
        self, search: Search, checkpoint_seconds: float = 10.0, threads: int | None = None
    ) -> None:
        self._optuna = _import_optuna()
        self.search = search
        self._options: dict[str, Any] = {"checkpoint_seconds": checkpoint_seconds}
        self._options["threads"] = threads
        self._distributions = search.space.distributions()
        pruner = self._optuna.pruners.MedianPruner(n_startup_trials=_STARTUP)
        self._study = self._optuna.create_study(direction="maximize", pruner=pruner)
        self.trials: dict[int, Trial] = {}
        self._running: dict[str, tuple[Trial, Any, Job]] = {}
        self._pruned: set[str] = set()
        for trial in search.trials():
            self.trials[trial.number] = trial
            if trial.state != "open":
                self._study.add_trial(self._as_optuna_trial(trial))

    def run(self, workers: Workers, count: int, stop: Callable[[], bool]) -> Iterator[Event]:
        """Carry out trials until there are ``count``, and yield their events.

        Args:
            workers: The workers.
            count: Number of trials, including the trials of earlier calls.
            stop: If it returns True, the trials write checkpoints and end.
        """
        waiting = [trial for trial in self.trials.values() if trial.state == "open"]
        stopping = False
        while True:
            while not stopping and len(self._running) < workers.slots:
                if waiting:
                    self._start(workers, waiting.pop(0))
                elif len(self.trials) < count:
                    self._start(workers, None)
                else:
                    break
            if not self._running:
                return
            event = workers.next_event(_PAUSE)
            if stop() and not stopping:
                stopping = True
                for name in list(self._running):
                    workers.stop(name)
            if event is not None and event.name in self._running:
                yield self._record(workers, event)

    def best(self) -> Trial:
        """Return the complete trial with the highest validation accuracy, the first of equal ones.

        Raises:
            TenfoldError: If no trial is complete.
        """
        complete = [trial for trial in self.trials.values() if trial.state == "complete"]
        if not complete:
            raise TenfoldError(
                "no trial is complete: look at the errors of the trials, and change the settings"
            )
        return max(complete, key=lambda trial: (trial.accuracy(), -trial.number))

    def importances(self) -> dict[str, float]:
        """Return the importance of each setting, from 0 to 1; the sum is 1.

        With fewer than five complete trials, or only one setting, the importance cannot be
        computed, and all settings get the same value.
        """
        keys = list(self.search.space.free)
        complete = sum(trial.state == "complete" for trial in self.trials.values())
        if complete < _MIN_IMPORTANCE_TRIALS or len(keys) == 1:
            return dict.fromkeys(keys, 1 / len(keys))
        importance = self._optuna.importance
        found = importance.get_param_importances(
            self._study, evaluator=importance.PedAnovaImportanceEvaluator()
        )
        return {key: float(found[key]) for key in sorted(keys, key=lambda key: -found[key])}

    def _start(self, workers: Workers, trial: Trial | None) -> None:
        """Start a recorded trial that has not ended, or a new trial if ``trial`` is None."""
        number = len(self.trials) if trial is None else trial.number
        seed = self.search.seed_of(number)
        self._study.sampler = self._optuna.samplers.TPESampler(seed=seed, n_startup_trials=_STARTUP)
        if trial is not None:
            self._study.enqueue_trial(trial.chosen)
        optuna_trial = self._study.ask(self._distributions)
        if trial is None:
            trial = self.search.new_trial(number, optuna_trial.params)
        for epoch, accuracy in trial.accuracies().items():
            optuna_trial.report(accuracy, epoch)
        self.trials[number] = trial
        run = replace(trial.run, folder=trial.run.folder.resolve())
        token = shared_token(run.folder.parent)
        load = partial(load_without_test, run)
        job = Job(run.folder.name, run, load, token, watch=False, **self._options)
        self._running[job.name] = trial, optuna_trial, job
        workers.submit(job)

    def _record(self, workers: Workers, event: Event) -> Event:
        """Add an event to the study and to the record of its trial."""
        trial, optuna_trial, job = self._running[event.name]
        if event.ended:
            del self._running[event.name]
            save_returned_files(job, event)
            return self._end(trial, optuna_trial, event)
        if event.accuracy is not None:
            optuna_trial.report(event.accuracy, event.epoch)
            if event.epoch < trial.run.recipe.epochs and optuna_trial.should_prune():
                self._pruned.add(event.name)
                workers.stop(event.name)
        return event

    def _end(self, trial: Trial, optuna_trial: Any, event: Event) -> Event:
        states = self._optuna.trial.TrialState
        if event.state == "finished":
            ended = trial.end("complete")
            self._study.tell(optuna_trial, ended.accuracy())
        elif event.state == "failed":
            ended = trial.end("failed", event.error)
            self._study.tell(optuna_trial, state=states.FAIL)
        elif event.name in self._pruned:
            ended = trial.end("pruned")
            self._study.tell(optuna_trial, state=states.PRUNED)
        else:  # stopped by the user
            return event
        self.trials[trial.number] = ended
        return replace(event, state=ended.state) if ended.state == "pruned" else event

    def _as_optuna_trial(self, trial: Trial) -> Any:
        """Return a recorded trial that has ended, for Optuna."""
        states = self._optuna.trial.TrialState
        state = {"complete": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}
        accuracies = trial.accuracies()
        value = trial.accuracy() if trial.state == "complete" else None
        if trial.state == "pruned":
            value = accuracies[max(accuracies)]
        return self._optuna.trial.create_trial(
            state=state[trial.state],
            value=value,
            params=trial.chosen,
            distributions=self._distributions,
            intermediate_values=accuracies,
        )


def _import_optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise TenfoldError(
            "tenfold tune needs Optuna: install it in a checkout of tenfold with "
            "pip install '.[cluster]'"
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna

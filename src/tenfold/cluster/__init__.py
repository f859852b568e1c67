"""Several processes or machines: many trainings at once, or one training over several ranks.

MPI, Dask and Optuna are imported only where they are used.
"""

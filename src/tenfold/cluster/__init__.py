"""Several processes or machines: many trainings at once, or one training over several of them.

In one training, the processes are numbered from 0; such a number is called the rank of a process.
MPI, Dask and Optuna are imported only where they are used.
"""

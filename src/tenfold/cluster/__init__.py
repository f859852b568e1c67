"""Work on several processes or machines: many trainings, one training, or answers for many images.

In one training over several processes, the processes are numbered from 0; the number of a process
is called its rank. MPI, Dask and Optuna are imported only where they are used.
"""

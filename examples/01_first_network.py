"""Train and test a network, in about three seconds."""

from tenfold.data import load_mnist
from tenfold.nn import Adam, Dense, Flatten, Network, Normalize, OneCycle, ReLU
from tenfold.training import fit

train, test = load_mnist("train"), load_mnist("test")
network = Network([Normalize(), Flatten(), Dense(784, 128), ReLU(), Dense(128, 10)], seed=0)
for _ in fit(network, train, optimizer=Adam(), schedule=OneCycle(0.005), epochs=3):
    pass  # each step and each epoch yields a record: print it, plot it, or stop with break
print(f"test accuracy: {(network.predict(test.images) == test.labels).mean():.2%}")

"""Inside: the numbers of one image in a network, and what changes when the network is changed."""

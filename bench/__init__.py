"""The benchmark: what a reader waits for and what a server costs, beside anchors measured in the same run.

`make bench` runs it. One process stands on the last core with the load, the servers on the first; each measurement
is one module of `bench.measures`, and what it finds is a `bench.results.Result`.
"""

"""Times Python's cachier, for reference: a hit in memory, a hit and a whole miss in files; medians in microseconds.

It needs that package: `pip install cachier==4.2.0`, in an environment of its own.
"""

import statistics
import tempfile
import time

import cachier


def timed(call, count):
    """The time of one call, in microseconds: the mean of `count`."""
    start = time.perf_counter_ns()
    for index in range(count):
        call(index)
    return (time.perf_counter_ns() - start) / count / 1000


def median(call, count, rounds=15):
    """The median of rounds; the first is not counted."""
    return statistics.median([timed(call, count) for _ in range(rounds + 1)][1:])


def double(number):
    """What is memoized."""
    return number * 2


def main():
    """Prints a row for each work."""
    in_memory = cachier.cachier(backend="memory")(double)
    in_memory(1)
    print(f"memory, hit: {median(lambda _: in_memory(1), 2000):.1f} µs")
    with tempfile.TemporaryDirectory() as directory:
        in_files = cachier.cachier(backend="pickle", cache_dir=directory)(double)
        in_files(1)
        print(f"files, hit: {median(lambda _: in_files(1), 200):.0f} µs")
        fresh = iter(range(2, 10_000))
        print(f"files, miss: {median(lambda _: in_files(next(fresh)), 5):.0f} µs")


main()

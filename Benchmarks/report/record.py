"""The record of a benchmark run, as medians.

A line of it is one of these, its fields divided by tabs:

    # TEXT                                       a note on what was left out, and why
    ROW SIZE NUMBER                              a fact that is no time
    ROW SIZE MEDIAN MEMORY                       one thing, done many times in one process: microseconds
                                                 and KiB
    ROW SIZE WALL USER SYSTEM MEMORY [COUNT]     one run: microseconds and KiB, and how many things
                                                 were done in that time, if that is not one
"""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """Medians of the runs of one row at one size."""

    wall_ms: float
    # Unknown of what is done in a process that does other things, too.
    cpu_ms: float | None
    rss_mib: float
    rounds: int
    per_second: float | None = None

    @property
    def each_us(self):
        """What one of many things took."""
        return 1e6 / self.per_second if self.per_second else None


@dataclass
class Record:
    cells: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    # The times of all rounds, in milliseconds.
    walls: dict = field(default_factory=dict)

    def value(self, row, size, column="wall_ms"):
        cell = self.cells.get((row, size))
        return getattr(cell, column) if cell else None

    def ratio(self, row, size, base, base_size, column="wall_ms"):
        """How many times the one is the other; nothing where either was not measured."""
        one, other = self.value(row, size, column), self.value(base, base_size, column)
        return one / other if one is not None and other else None

    def more_ms(self, row, base, size):
        """What the one takes above the other, in the same round: the machine is not always as fast."""
        pairs = list(zip(self.walls.get((row, size), []), self.walls.get((base, size), [])))
        return statistics.median(one - other for one, other in pairs) if pairs else None


def median_cell(runs):
    per_second = None
    if len(runs[0]) == 2:
        return Cell(
            wall_ms=statistics.median(run[0] for run in runs) / 1000,
            cpu_ms=None,
            rss_mib=statistics.median(run[1] for run in runs) / 1024,
            rounds=len(runs),
        )
    if len(runs[0]) > 4:
        per_second = statistics.median(run[4] / run[0] * 1e6 for run in runs)
    return Cell(
        wall_ms=statistics.median(run[0] for run in runs) / 1000,
        cpu_ms=statistics.median(run[1] + run[2] for run in runs) / 1000,
        rss_mib=statistics.median(run[3] for run in runs) / 1024,
        rounds=len(runs),
        per_second=per_second,
    )


def read(path):
    record = Record()
    runs = defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                note = line[1:].strip()
                if note not in record.notes:
                    record.notes.append(note)
                continue
            row, size, *numbers = line.rstrip("\n").split("\t")
            numbers = [float(number) if "." in number else int(number) for number in numbers]
            if len(numbers) == 1:
                record.facts[row, int(size)] = numbers[0]
            else:
                runs[row, int(size)].append(numbers)
    record.walls = {key: [run[0] / 1000 for run in values] for key, values in runs.items()}
    record.cells = {key: median_cell(values) for key, values in runs.items()}
    return record

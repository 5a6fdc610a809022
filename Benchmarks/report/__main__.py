"""Turns the record of a benchmark run into a table, a JSON file, a plot, and a verdict on ratios.

    python3 Benchmarks/report RECORD JSON SVG
"""

import dataclasses
import json
import platform
import sys

import goals
import plot
import record as records
import table


def as_json(record, limits, aims):
    def judged(goal):
        return dataclasses.asdict(goal) | {"verdict": goal.verdict}

    return {
        "kernel": platform.release(),
        "rows": [
            {"row": row, "size": size, **dataclasses.asdict(cell)}
            for (row, size), cell in sorted(record.cells.items())
        ],
        "facts": [
            {"fact": fact, "size": size, "value": value}
            for (fact, size), value in sorted(record.facts.items())
        ],
        "notes": record.notes,
        "limits": [judged(limit) for limit in limits],
        "goals": [judged(goal) for goal in aims],
    }


def main():
    source, json_path, svg_path = sys.argv[1:]
    record = records.read(source)
    limits, aims = goals.limits(record), goals.goals(record)
    for line in table.lines(record, limits, aims):
        print(line)
    with open(json_path, "w", encoding="utf-8") as output:
        json.dump(as_json(record, limits, aims), output, indent=2, ensure_ascii=False)
        output.write("\n")
    plot.write(svg_path, record, limits, aims)
    sys.exit(any(limit.verdict == "NOT MET" for limit in limits))


if __name__ == "__main__":
    main()

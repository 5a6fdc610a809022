"""Turns the record of a benchmark run into a table, a JSON file, and a verdict on ratios."""

import json
import statistics
import sys
from collections import defaultdict

TITLES = {
    "floor": "C floor",
    "version": "bridgeward --version",
    "check": "bridgeward check",
    "nft": "bridgeward compile --target nft",
    "iptables": "bridgeward compile --target iptables",
    "trace": "bridgeward trace, one published port",
    "nft-check": "nft -c -f (our script)",
    "iptables-test": "iptables-nft-restore --test (our text)",
    "nft-version": "nft --version",
    "floor-load": "R: hand-encoded batch",
    "floor-encode": "R without the kernel",
    "nft-load": "nft -f (our script)",
    "apply": "bridgeward apply, nothing there",
    "floor-dump": "D: raw dump of the map",
    "floor-table": "raw dump of the rest of the table",
    "diff": "bridgeward diff, nothing differs",
    "no-op": "bridgeward apply, nothing differs",
    "more": "bridgeward apply, one publish more",
    "networks": "bridgeward, networks of 100 containers",
    "exposure": "bridgeward exposure",
    "flows": "bridgeward diff --flows, all differs",
}

# What a change may not make worse. Ratios hold on any machine; milliseconds do not.
LIMITS = {
    "nft text of 100 000 publishes, to the floor": 5.0,
    "growth of nft text from 10 000 to 100 000": 13.0,
    "growth of memory from 10 000 to 100 000": 11.0,
    "growth from 100 to 1 000 networks": 14.0,
    "trace among 100 000 publishes, to compiling them": 1.5,
    "milliseconds of a trace among 100 000 publishes": 100.0,
    "exposure of 10 000 publishes, seconds": 2.0,
    "flows of two policies of 10 000 publishes, seconds": 2.0,
    "growth of exposure from 1 000 to 10 000": 16.0,
    "growth of flows from 1 000 to 10 000": 16.0,
}

# Of what is loaded into the kernel and read back; measured by root only.
LIVE_LIMITS = {
    "apply of 100 000 publishes, to R": 1.5,
    "apply of 100 000 publishes, to nft -f": 0.2,
    "diff against 100 000 publishes, to D": 2.0,
    "one publish more, above no change: among 100 000, to among 100": 2.0,
    "start, to nft": 2.0,
}


def read(path):
    """The medians of wall, CPU (both in milliseconds) and memory (MiB) of each row and size."""
    samples = defaultdict(list)
    with open(path, encoding="utf-8") as record:
        for line in record:
            row, size, *numbers = line.rstrip("\n").split("\t")
            samples[row, int(size)].append([int(number) for number in numbers])
    return {
        key: {
            "wall_ms": statistics.median(run[0] for run in runs) / 1000,
            "cpu_ms": statistics.median(run[1] + run[2] for run in runs) / 1000,
            "rss_mib": statistics.median(run[3] for run in runs) / 1024,
            "rounds": len(runs),
        }
        for key, runs in samples.items()
    }


def print_table(results):
    print(f"{'':40}{'size':>8}{'wall ms':>10}{'CPU ms':>10}{'RSS MiB':>10}{'to floor':>10}")
    order = list(TITLES)
    for row, size in sorted(results, key=lambda key: (key[1], order.index(key[0]))):
        cell = results[row, size]
        floor = results.get(("floor", size))
        ratio = f"{cell['wall_ms'] / floor['wall_ms']:.1f}" if floor else ""
        print(
            f"{TITLES[row]:40}{size:>8}{cell['wall_ms']:>10.1f}{cell['cpu_ms']:>10.1f}"
            f"{cell['rss_mib']:>10.1f}{ratio:>10}"
        )


def ratios(results):
    def ratio(row, size, base_row, base_size, column="wall_ms"):
        return results[row, size][column] / results[base_row, base_size][column]

    values = [
        ratio("nft", 100000, "floor", 100000),
        ratio("nft", 100000, "nft", 10000),
        ratio("nft", 100000, "nft", 10000, "rss_mib"),
        ratio("networks", 1000, "networks", 100),
        ratio("trace", 100000, "nft", 100000),
        results["trace", 100000]["wall_ms"],
        results["exposure", 10000]["wall_ms"] / 1000,
        results["flows", 10000]["wall_ms"] / 1000,
        ratio("exposure", 10000, "exposure", 1000, "cpu_ms"),
        ratio("flows", 10000, "flows", 1000, "cpu_ms"),
    ]
    result = dict(zip(LIMITS, values, strict=True))
    if ("apply", 100000) in results:
        step = {
            size: results["more", size]["wall_ms"] - results["no-op", size]["wall_ms"]
            for size in (100, 100000)
        }
        values = [
            ratio("apply", 100000, "floor-load", 100000),
            ratio("apply", 100000, "nft-load", 100000),
            ratio("diff", 100000, "floor-dump", 100000),
            # A step of less than a millisecond is noise.
            step[100000] / max(step[100], 1),
            ratio("version", 0, "nft-version", 0),
        ]
        result |= zip(LIVE_LIMITS, values, strict=True)
    return result


def main():
    record, target = sys.argv[1:]
    results = read(record)
    print_table(results)
    print()
    verdicts = ratios(results)
    limits = LIMITS | LIVE_LIMITS
    for name, value in verdicts.items():
        limit = limits[name]
        print(f"{name}: {value:.2f} (limit {limit:g}) {'met' if value <= limit else 'NOT MET'}")
    if ("floor-load", 100000) in results:
        load, encode = (results[row, 100000]["wall_ms"] for row in ("floor-load", "floor-encode"))
        ours, compiled = (results[row, 100000]["wall_ms"] for row in ("apply", "nft"))
        print(
            f"of R at 100 000, the kernel takes {load - encode:.0f} ms of {load:.0f}; of apply, that "
            f"and compiling are {(load - encode + compiled) / ours:.0%}"
        )
    with open(target, "w", encoding="utf-8") as output:
        rows = [{"row": row, "size": size, **cell} for (row, size), cell in results.items()]
        json.dump({"rows": rows, "ratios": verdicts, "limits": limits}, output, indent=2)
        output.write("\n")
    sys.exit(any(value > limits[name] for name, value in verdicts.items()))


if __name__ == "__main__":
    main()

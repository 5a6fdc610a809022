"""What may not become worse, and what is aimed at.

Ratios to floors of the same run hold on any machine; milliseconds do not. Where a goal is known in
milliseconds, it was turned into a ratio by what the floor took on the machine of that figure.
"""

from dataclasses import dataclass

N = 100_000
NOT_RUN = "not part of this run"


@dataclass(frozen=True)
class Goal:
    """Met if the value is at most the limit."""

    mark: str
    text: str
    limit: float
    value: float | None
    reason: str = NOT_RUN

    @property
    def verdict(self):
        if self.value is None:
            return "not measured"
        return "met" if self.value <= self.limit else "NOT MET"


def combined(operation, *values):
    """What an operation makes of values, all of which have to be known."""
    return None if None in values else operation(*values)


def seconds(milliseconds):
    return combined(lambda value: value / 1000, milliseconds)


def limits(record):
    """A run fails where one of these is worse."""
    value, ratio = record.value, record.ratio

    # A step of less than a millisecond is noise.
    steps = combined(lambda large, small: large / max(small, 1),
                     record.more_ms("more", "no-op", N), record.more_ms("more", "no-op", 100))
    flow_growth = [ratio(row, 10_000, row, 1_000, "cpu_ms") for row in ("exposure", "flows")]
    rows = (
        ("nft text of 100 000, to the C floor", 5, ratio("nft", N, "floor", N)),
        ("growth of nft text, 10 000 to 100 000", 13, ratio("nft", N, "nft", 10_000)),
        ("growth of its memory", 11, ratio("nft", N, "nft", 10_000, "rss_mib")),
        ("growth, 100 to 1 000 networks", 14, ratio("networks-nft", 1000, "networks-nft", 100)),
        ("trace among 100 000, to compiling them", 1.5, ratio("trace", N, "nft", N)),
        ("milliseconds of a trace among 100 000", 100, value("trace", N)),
        ("seconds of exposure of 10 000", 2, seconds(value("exposure", 10_000))),
        ("seconds of flows of two policies of 10 000", 2, seconds(value("flows", 10_000))),
        ("growth of exposure, 1 000 to 10 000", 16, flow_growth[0]),
        ("growth of flows, 1 000 to 10 000", 16, flow_growth[1]),
        ("start, to nft --version", 2, ratio("version", 0, "nft-version", 0)),
        ("apply of 100 000, to R", 1.5, ratio("apply", N, "floor-load", N)),
        ("apply of 100 000, to nft -f", 0.2, ratio("apply", N, "nft-load", N)),
        ("diff against 100 000, to D", 2, ratio("diff", N, "floor-dump", N)),
        ("the same of rules that others loaded", 2, ratio("diff-asked", N, "floor-dump", N)),
        ("one more, above no change: among 100 000, to 100", 2, steps),
    )
    return [Goal("", *row) for row in rows]


def goals(record):
    """G1 to G14; only marked."""
    value, ratio = record.value, record.ratio
    applied, checked = value("apply", N), value("check", N)
    loading = combined(lambda *times: (times[0] - times[1]) / times[2],
                       applied, checked, value("floor-load", N))
    no_change = combined(lambda *times: times[0] / (times[1] + times[2]),
                         value("no-op", N), checked, value("floor-dump", N))
    size = record.facts.get(("input-bytes", N))
    peaks = value("nft", N, "rss_mib"), value("start-check", 0, "rss_mib")
    memory = combined(lambda mib, size: mib * 2**20 / size, peaks[0], size)
    memory_above = combined(lambda mib, start, size: (mib - start) * 2**20 / size, *peaks, size)
    text_above = combined(lambda *times: (times[0] - times[1]) / (times[2] - times[3]),
                          value("nft", N), value("start-check", 0),
                          value("floor", N), value("start-floor", 0))
    targets = ("nft", "iptables", "iptables-hooks", "check")
    growth = combined(max, *(ratio(row, N, row, 10_000) for row in targets))
    new_states = record.facts.get(("no-op-states", 100))

    def stays(name, size):
        return ratio(f"again-{name}", size, f"floor-again-{name}", size)

    rows = (
        ("G1", "start, to nft --version", 1.43, ratio("version", 0, "nft-version", 0)),
        ("G1", "check of nothing, to it", 1.43, ratio("start-check", 0, "nft-version", 0)),
        ("G1", "the same arguments alone, to it", 1.43,
         ratio("start-arguments", 0, "nft-version", 0)),
        ("G1", "check of nothing, to these arguments alone", 1.5,
         ratio("start-check", 0, "start-arguments", 0)),
        ("G1", "peak MiB of a start", 6, value("version", 0, "rss_mib")),
        ("G1", "the same of these arguments alone", 6,
         value("start-arguments", 0, "rss_mib")),
        ("G2", "nft text of 100 000, to the C floor", 2.5, ratio("nft", N, "floor", N)),
        ("G2", "the same above a start, to the floor above its start", 2.5, text_above),
        ("G3", "netlink bytes of 100 000, to a C encoder", 2, stays("bytes", N)),
        ("G4", "worst growth of compiling, 10 000 to 100 000", 11, growth),
        ("G5", "apply of 100 000 less its checks, to R", 1.15, loading),
        ("G6", "file to kernel of 100 000, to R", 1.4, ratio("apply", N, "floor-load", N)),
        ("G7", "one more among 100 000, to among 100", 1.2, ratio("more", N, "more", 100)),
        ("G7", "one more among 100, to R of 100", 1.92, ratio("more", 100, "floor-load", 100)),
        ("G7", "one more, in a process that stays, to the floor", 1.5, stays("add-1", N)),
        ("G7", "206 more, in a process that stays, to the floor", 1.7, stays("add-206", N)),
        ("G7", "one more there, among 100 000, to among 100", 1.2,
         ratio("again-add-1", N, "again-add-1", 100)),
        ("G8", "new states by an apply that changes nothing", 0, new_states),
        ("G8", "that apply of 100 000, to its checks and D", 1, no_change),
        ("G9", "diff against 100 000, to D", 1.5, ratio("diff", N, "floor-dump", N)),
        ("G9", "the same of rules that others loaded", 1.5,
         ratio("diff-asked", N, "floor-dump", N)),
        ("G10", "check of 100 000, to the C floor", 2.5, ratio("check", N, "floor", N)),
        ("G10", "check of 100, to nft -c", 1, ratio("check", 100, "nft-map-check", 100)),
        ("G11", "boot of 100 from policy, to R", 2.3, ratio("boot-apply", 100, "floor-load", 100)),
        ("G11", "boot of 100 as accepted, to R", 2.3, ratio("boot", 100, "floor-load", 100)),
        ("G11", "boot of 100 from policy, to its messages alone", 2.3,
         ratio("boot-apply", 100, "floor-messages", 100)),
        ("G11", "these messages alone, to R", 2.3,
         ratio("floor-messages", 100, "floor-load", 100)),
        ("G11", "arguments alone, to R", 2.3,
         ratio("start-arguments", 0, "floor-load", 100)),
        *packets(record),
        ("G13", "10 000 checked again after a keystroke, to C", 18, stays("check", 10_000)),
        ("G14", "peak of compiling 100 000, to its input", 12, memory),
        ("G14", "the same above a check of nothing", 12, memory_above),
    )
    return [Goal(*row) for row in rows]


def packets(record):
    """New connections among many published ports, against one port alone, and one bare rule."""
    for size, name in ((10_000, "10 000"), (60_000, "60 000")):
        for protocol in ("tcp", "udp"):
            for form, what in (("ours-one", "the port alone"), ("one", "a bare rule")):
                ratio = record.ratio(f"path-{protocol}-ours", size,
                                     f"path-{protocol}-{form}", 10_000, "each_us")
                yield "G12", f"last of {name} ports, {protocol}, to {what}", 1.03, ratio

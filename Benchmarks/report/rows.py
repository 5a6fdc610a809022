"""What the rows of a record are called, and which of them are shown side by side."""

from dataclasses import dataclass

OURS, FLOOR, PEER = "ours", "floor", "peer"


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    kind: str


@dataclass(frozen=True)
class Section:
    """Rows that do the same work, each compared with the first."""

    title: str
    rows: tuple
    # What times are shown in, and how many of these a millisecond has.
    unit: str = "ms"
    per_ms: int = 1

    def sizes(self, record):
        """The sizes that anything of ours was measured at."""
        names = {row.name for row in self.rows if row.kind == OURS}
        return sorted({size for name, size in record.cells if name in names})

    def to_first(self, record, row, size):
        """How many times the first of these rows it takes; `None` where that was not measured."""
        base = self.rows[0].name
        sizes = [at for name, at in record.cells if name == base]
        # A single rule is as single among any number.
        base_size = sizes[0] if len(sizes) == 1 else size
        column = "wall_ms" if record.value(row.name, size, "per_second") is None else "each_us"
        return record.ratio(row.name, size, base, base_size, column)


def ours(name, title):
    return Row(name, title, OURS)


def floor(name, title):
    return Row(name, title, FLOOR)


def peer(name, title):
    return Row(name, title, PEER)


def staying(title, *names):
    """What a process takes that stays; each of our rows comes after its floor."""
    rows = []
    for name, least, own in names:
        rows += [floor(f"floor-again-{name}", least), ours(f"again-{name}", own)]
    return Section(title, tuple(rows), unit="µs", per_ms=1000)


COMPILE = Section(
    "Compile N published ports, kernel not asked",
    (
        floor("floor", "C floor"),
        ours("nft", "bridgeward compile, nft"),
        ours("iptables", "bridgeward compile, iptables"),
        ours("iptables-hooks", "bridgeward compile, iptables-hooks"),
        ours("check", "bridgeward check"),
        peer("nft-map-check", "nft -c, a map (asks the kernel)"),
        peer("nft-rules-check", "nft -c, rules (asks the kernel)"),
        peer("iptables-nft-test", "iptables-nft-restore --test"),
        peer("iptables-legacy-test", "iptables-legacy-restore --test"),
        peer("ferm", "ferm --noexec --lines"),
        peer("foomuuri", "foomuuri check, without nft"),
        peer("aerleon", "aerleon to nft, no translation"),
    ),
)

LOAD = Section(
    "Load N published ports, nothing there before",
    (
        floor("floor-load", "R: hand-encoded batch"),
        ours("apply", "bridgeward apply"),
        ours("apply-iptables", "bridgeward apply, iptables-nft"),
        peer("nft-load", "nft -f, our script"),
        peer("nft-map-load", "nft -f, a map"),
        peer("nft-rules-load", "nft -f, rules"),
        peer("iptables-nft-load", "iptables-nft-restore"),
        peer("iptables-legacy-load", "iptables-legacy-restore"),
    ),
)


def path(protocol, title):
    def name(form):
        return f"path-{protocol}-{form}"

    return Section(
        f"{title} through N published ports, the last one hit",
        (
            floor(name("one"), "a single rule"),
            ours(name("ours-one"), "bridgeward, a single port"),
            ours(name("ours"), "bridgeward, nft"),
            ours(name("ours-iptables"), "bridgeward, iptables-nft"),
            peer(name("docker-nft"), "as Docker, nft"),
            peer(name("docker-iptables-nft"), "as Docker, iptables-nft"),
            peer(name("docker-iptables-legacy"), "as Docker, iptables-legacy"),
        ),
    )


TCP = path("tcp", "New TCP connections")
UDP = path("udp", "New UDP flows")

SECTIONS = (
    Section(
        "Start-up",
        (
            floor("start-floor", "C floor, empty file"),
            floor("start-arguments", "the same arguments read by the same library, and no more"),
            ours("version", "bridgeward --version"),
            ours("start-check", "bridgeward check, empty policy"),
            peer("nft-version", "nft --version"),
        ),
    ),
    COMPILE,
    Section(
        "Compile N networks of 100 containers",
        (
            ours("networks-nft", "bridgeward compile, nft"),
            ours("networks-iptables", "bridgeward compile, iptables"),
            ours("networks-hooks", "bridgeward compile, iptables-hooks"),
        ),
    ),
    Section(
        "Ask about N published ports, kernel not asked",
        (
            floor("floor", "C floor"),
            ours("trace", "bridgeward trace, one flow"),
            ours("exposure", "bridgeward exposure"),
            ours("flows", "bridgeward diff --flows, all differs"),
        ),
    ),
    staying(
        "Encode the netlink bytes of N published ports, in a process that stays",
        ("bytes", "C encoder", "bridgeward"),
    ),
    staying(
        "Check N published ports after a keystroke, in a process that stays",
        ("check", "C floor, nothing printed", "bridgeward, all findings"),
    ),
    LOAD,
    Section(
        "Apply with nothing to change",
        (
            floor("floor-dump", "D: raw dump of the map"),
            ours("no-op", "bridgeward apply"),
            peer("nft-map-reload", "nft -f, a map, anew"),
        ),
    ),
    Section(
        "One published port more among N",
        (
            floor("floor-add", "hand-encoded element"),
            ours("more", "bridgeward apply"),
            peer("nft-add", "nft add element"),
            peer("nft-rule-add", "nft add rule"),
            peer("iptables-nft-add", "iptables-nft-restore -n"),
            peer("iptables-legacy-add", "iptables-legacy-restore -n"),
        ),
    ),
    staying(
        "One published port more or less among N, in a process that stays",
        ("add-1", "hand-encoded element, added", "bridgeward, added"),
        ("delete-1", "hand-encoded element, deleted", "bridgeward, deleted"),
    ),
    staying(
        "206 published ports more or less among N, in a process that stays",
        ("add-206", "hand-encoded elements, added", "bridgeward, added"),
        ("delete-206", "hand-encoded elements, deleted", "bridgeward, deleted"),
    ),
    Section(
        "Read back and compare N published ports",
        (
            floor("floor-dump", "D: raw dump of the map"),
            floor("floor-table", "raw dump of the rest of the table"),
            ours("diff", "bridgeward diff, nothing differs"),
            ours("diff-asked", "bridgeward diff, of rules that others loaded"),
            peer("nft-list", "nft list ruleset, no comparing"),
            peer("nft-json", "nft -j list ruleset, no comparing"),
            peer("iptables-nft-save", "iptables-nft-save, no comparing"),
            peer("iptables-legacy-save", "iptables-legacy-save, no comparing"),
        ),
    ),
    Section(
        "Boot of a host with N published ports",
        (
            floor("floor-load", "R: hand-encoded batch"),
            floor("floor-messages", "the messages of apply, sent by C"),
            ours("boot-apply", "bridgeward apply --boot"),
            ours("boot", "bridgeward boot, last accepted rules"),
            peer("boot-nft", "nft -f, last accepted rules"),
        ),
    ),
    TCP,
    UDP,
)

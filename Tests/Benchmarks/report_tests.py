"""Runs the report of the benchmarks as `make bench` does, and judges what it prints and writes."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = (ROOT / "Tests/Benchmarks/sample.tsv").read_text(encoding="utf-8")
REPORT = ROOT / "Benchmarks/report"
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPORT))

import goals  # noqa: E402
import record as records  # noqa: E402
import rows as shown  # noqa: E402


class Run:
    """A report of lines of a record."""

    def __init__(self, text):
        with tempfile.TemporaryDirectory() as directory:
            record, self.json, self.svg = (
                pathlib.Path(directory, name) for name in ("record.tsv", "bench.json", "bench.svg")
            )
            record.write_text(text, encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-B", REPORT, record, self.json, self.svg],
                capture_output=True, text=True, check=False,
            )
            self.status, self.text, self.errors = done.returncode, done.stdout, done.stderr
            self.json = json.loads(self.json.read_text(encoding="utf-8"))
            self.svg = ElementTree.fromstring(self.svg.read_text(encoding="utf-8"))

    def limit(self, text):
        return next(limit for limit in self.json["limits"] if limit["text"] == text)


def run_line(row, size, milliseconds):
    return f"{row}\t{size}\t{milliseconds * 1000}\t0\t0\t1024\n"


def without(*prefixes):
    return "".join(
        line for line in SAMPLE.splitlines(keepends=True) if not line.startswith(prefixes)
    )


class Reading(unittest.TestCase):
    def read(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
            file.write(text)
            file.flush()
            return records.read(file.name)

    def test_median_of_rounds(self):
        record = self.read(run_line("nft", 1, 3) + run_line("nft", 1, 90) + run_line("nft", 1, 4))
        self.assertEqual(record.value("nft", 1), 4)
        self.assertEqual(record.cells["nft", 1].rounds, 3)

    def test_things_per_second(self):
        record = self.read("path-tcp-one\t10000\t500000\t1\t1\t1024\t10000\n")
        self.assertEqual(record.value("path-tcp-one", 10000, "per_second"), 20000)
        self.assertEqual(record.value("path-tcp-one", 10000, "each_us"), 50)

    def test_one_of_many_times(self):
        record = self.read("again-add-1\t100\t14.8\t2048\nagain-add-1\t100\t15.2\t2048\n")
        self.assertAlmostEqual(record.value("again-add-1", 100), 0.015)
        self.assertEqual(record.value("again-add-1", 100, "rss_mib"), 2)
        self.assertEqual(record.cells["again-add-1", 100].rounds, 2)
        self.assertIsNone(record.value("again-add-1", 100, "cpu_ms"))

    def test_more_in_the_same_round(self):
        rounds = [(100, 104), (300, 305), (150, 190)]
        record = self.read("".join(
            run_line("no-op", 1, same) + run_line("more", 1, more) for same, more in rounds))
        self.assertEqual(record.more_ms("more", "no-op", 1), 5)
        self.assertIsNone(record.more_ms("more", "no-op", 2))

    def test_facts_and_notes(self):
        record = self.read("# left out\n# left out\ninput-bytes\t100\t7\n")
        self.assertEqual(record.notes, ["left out"])
        self.assertEqual(record.facts, {("input-bytes", 100): 7})

    def test_every_row_of_the_sample_is_shown(self):
        names = {row.name for section in shown.SECTIONS for row in section.rows}
        recorded = {line.split("\t")[0] for line in SAMPLE.splitlines() if line[0] != "#"}
        # The share of R that is not the kernel's, and facts.
        self.assertEqual(recorded - names, {"floor-encode", "input-bytes", "no-op-states"})
        self.assertEqual(names - recorded, set())


class Judging(unittest.TestCase):
    def test_edges(self):
        for value, verdict in ((4.99, "met"), (5.0, "met"), (5.01, "NOT MET"), (0, "met")):
            self.assertEqual(goals.Goal("", "", 5, value).verdict, verdict)
        self.assertEqual(goals.Goal("", "", 5, None).verdict, "not measured")
        self.assertEqual(goals.Goal("", "", 0, 0).verdict, "met")
        self.assertEqual(goals.Goal("", "", 0, 1).verdict, "NOT MET")

    def judged(self, milliseconds):
        name = "nft text of 100 000, to the C floor"
        run = Run(run_line("floor", 100000, 100) + run_line("nft", 100000, milliseconds))
        return run.status, run.limit(name)["verdict"], run.limit(name)["value"]

    def test_just_met(self):
        self.assertEqual(self.judged(500), (0, "met", 5))

    def test_just_missed(self):
        self.assertEqual(self.judged(501), (1, "NOT MET", 5.01))

    def test_goals_are_only_marked(self):
        run = Run(run_line("floor", 100000, 100) + run_line("nft", 100000, 300))
        text = run.text.split("\nG2 ")[1].splitlines()[0]
        self.assertIn("NOT MET", text)
        self.assertEqual(run.status, 0)

    def test_every_goal_is_there(self):
        marks = {goal["mark"] for goal in Run(SAMPLE).json["goals"]}
        self.assertEqual(marks, {f"G{number}" for number in range(1, 15)})

    def goal(self, run, text):
        return next(goal for goal in run.json["goals"] if goal["text"] == text)

    def test_a_process_that_stays_is_held_against_its_own_floors(self):
        for name, size, text in (
            ("bytes", 100000, "netlink bytes of 100 000, to a C encoder"),
            ("add-1", 100000, "one more, in a process that stays, to the floor"),
            ("add-206", 100000, "206 more, in a process that stays, to the floor"),
            ("check", 10000, "10 000 checked again after a keystroke, to C"),
        ):
            with self.subTest(name=name):
                ours = f"again-{name}\t{size}\t7.5\t1024\n"
                goal = self.goal(Run(f"floor-{ours}{ours}".replace("7.5", "2.5", 1)), text)
                self.assertEqual(goal["value"], 3)
                self.assertEqual(self.goal(Run(ours), text)["verdict"], "not measured")

    def test_a_step_below_noise(self):
        steps = [run_line(row, size, time) for row, size, time in (
            ("more", 100, 5), ("no-op", 100, 5), ("more", 100000, 52), ("no-op", 100000, 50))]
        run = Run("".join(steps))
        limit = run.limit("one more, above no change: among 100 000, to 100")
        self.assertEqual(limit["value"], 2)


class Writing(unittest.TestCase):
    def assert_whole(self, run):
        self.assertEqual(run.errors, "")
        self.assertEqual(run.svg.tag, "{http://www.w3.org/2000/svg}svg")
        for element in run.svg.iter():
            for name, value in element.attrib.items():
                self.assertNotIn("nan", value)
                if name in ("width", "height", "r"):
                    self.assertGreaterEqual(float(value), 0)

    def texts(self, run):
        return [element.text for element in run.svg.iter() if element.tag.endswith("text")]

    def test_sample(self):
        run = Run(SAMPLE)
        self.assert_whole(run)
        for peer in ("ferm", "foomuuri", "aerleon", "as Docker, iptables-legacy"):
            self.assertTrue(any(text.startswith(peer) for text in self.texts(run)), peer)
            self.assertIn(peer, run.text)
        self.assertEqual(len(run.json["rows"]), len(
            {tuple(line.split("\t")[:2]) for line in SAMPLE.splitlines() if line.count("\t") > 2}))

    def test_short_times_are_in_microseconds(self):
        text = Run("floor-again-add-1\t100\t4.4\t1\nagain-add-1\t100\t15.4\t1\n").text
        self.assertIn("µs (× the first)", text)
        line = next(line for line in text.splitlines() if line.startswith("bridgeward, added"))
        self.assertIn("15.4  ×3.50", line)

    def test_nothing_refers_elsewhere(self):
        names = {name for element in Run(SAMPLE).svg.iter() for name in element.attrib}
        self.assertFalse({name for name in names if name.endswith(("href", "src", "class"))})

    def test_missing_peers(self):
        run = Run("# ferm: left out, for a reason\n" + without(
            "ferm", "foomuuri", "aerleon", "nft-map", "nft-rule", "iptables-nft-", "path-tcp-docker",
            "iptables-legacy", "path-udp-docker"))
        self.assert_whole(run)
        self.assertIn("note: ferm: left out, for a reason", run.text)
        self.assertNotIn("aerleon to nft", run.text)
        self.assertIn("bridgeward compile, nft", run.text)

    def test_missing_sizes(self):
        run = Run(without("ferm\t100000", "ferm\t10000"))
        line = next(line for line in run.text.splitlines() if line.startswith("ferm"))
        self.assertEqual(line.count("–"), 2)

    def test_compiling_alone(self):
        run = Run(run_line("floor", 100, 1) + run_line("nft", 100, 2))
        self.assert_whole(run)
        self.assertIn("not part of this run", "".join(self.texts(run)))
        self.assertEqual(run.status, 0)

    def test_nothing(self):
        run = Run("")
        self.assert_whole(run)
        self.assertEqual(run.status, 0)
        self.assertIn("not measured", run.text)


class Inputs(unittest.TestCase):
    """What other tools are given has a line for each published port, the right one."""

    def printed(self, tool):
        scripts = ROOT / "Benchmarks"
        policy = subprocess.run(["awk", "-v", "n=1500", "-f", scripts / "publishes.awk"],
                                capture_output=True, check=True).stdout
        command = ["awk", "-v", "definitions=/dev/stdout", "-f", scripts / f"Peers/{tool}.awk",
                   "-f", scripts / "Peers/read.awk"]
        return subprocess.run(command, input=policy, capture_output=True, check=True).stdout.decode()

    def test_publishes(self):
        guest = "10.88.1.150"
        accepted = f"-A DOCKER -d {guest}/32 ! -i br-front -o br-front -p tcp -m tcp --dport 579"
        translated = f"-p tcp -m tcp --dport 2523 -j DNAT --to-destination {guest}:579"
        # The tool, what every line of a port has in it, and the line of the last port.
        for tool, marker, last in (
            ("nft-map", "tcp . ", f"tcp . 2523 : {guest} . 579,"),
            ("nft-rules", "dnat ip to", f"tcp dport 2523 dnat ip to {guest}:579"),
            ("iptables", "-j DNAT", f"-A PREROUTING {translated}"),
            ("ferm", "DNAT to", f"proto tcp dport 2523 DNAT to {guest}:579;"),
            ("foomuuri", "dnat to", f"tcp 2523 dnat to {guest}:579"),
            ("aerleon", "- name: p", "- name: p1500"),
            ("docker-nft", "dnat to", f"tcp dport 2523 dnat to {guest}:579"),
            ("docker-nft", "tcp dport", f"ip daddr {guest} tcp dport 579 accept"),
            ("docker-iptables", "-j DNAT", f"-A DOCKER ! -i br-front {translated}"),
            ("docker-iptables", "-o br-front -p", f"{accepted} -j ACCEPT"),
        ):
            with self.subTest(tool=tool, last=last):
                lines = [line.strip() for line in self.printed(tool).splitlines()]
                self.assertEqual(lines.count(last), 1)
                both = marker == "tcp dport"
                self.assertEqual(sum(marker in line for line in lines), 3000 if both else 1500)


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=1).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0)

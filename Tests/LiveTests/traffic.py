"""Sends and hears at the same time, and tells when.

traffic.py FILE NAME SECONDS UDP TCP FLOWS PEER: hears datagrams on the ports UDP and echoes streams
on the ports TCP (each with commas); every SECONDS sends a datagram of each flow ("NAME ADDRESS
PORT", with commas), and asks the echo at PEER ("ADDRESS PORT"). Writes FILE-ready-NAME, starts with
FILE-go, sends until FILE-stop, writes FILE-quiet-NAME, and hears until FILE-end. Prints, in
microseconds of the monotonic clock:

    sent FLOW NUMBER TIME           heard FLOW NUMBER TIME
    asked KIND CONNECTED BEGUN ENDED ANSWERED
"""

import os
import selectors
import socket
import struct
import sys
import time

path, name, pause, udp, tcp, flows, peer = sys.argv[1:8]
pause = float(pause)
udp = [int(port) for port in udp.split(",") if port]
flows = [tuple(flow.split()) for flow in flows.split(",") if flow]
peer = tuple(peer.split())
poll = selectors.DefaultSelector()
lines = []
FIRST_PORT, PORTS = 20_000, 40_000
# Seconds: a lost SYN is sent again after one (RFC 6298), and a process of a busy machine may have
# to wait for much longer than any packet.
CONNECTING, PATIENCE = 0.9, 30
SO_RCVBUFFORCE = 33  # asm-generic/socket.h


# Whoever started us may go without a word, or clear the place away.
parent = os.getppid()
folder = os.path.dirname(path)


def has_come(word):
    return (os.path.exists(f"{path}-{word}") or os.getppid() != parent
            or not os.path.isdir(folder))


def tell(word):
    open(f"{path}-{word}-{name}", "w").close()


def now():
    return time.monotonic_ns() // 1000


def listening(kind, port):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    s.bind(("0.0.0.0", port))
    s.setblocking(False)
    return s


def hear(s):
    try:
        while True:
            text = s.recv(100).decode()
            lines.append(f"heard {text} {now()}")
    except BlockingIOError:
        pass


def echo(s):
    try:
        data = s.recv(65536)
        if data:
            return s.sendall(data)
    except OSError:
        pass
    poll.unregister(s)
    s.close()


def welcome(s):
    poll.register(s.accept()[0], selectors.EVENT_READ, echo)


def own_port(s, number):
    """Each datagram and connection is one of its own, which conntrack remembers nothing of."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", FIRST_PORT + number % PORTS))


def send(flow, address, port, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        own_port(s, number)
        lines.append(f"sent {flow} {number} {now()}")
        try:
            s.sendto(f"{flow} {number}".encode(), (address, int(port)))
        except OSError:
            pass  # What the host answered to an earlier one.


def connected(number):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        own_port(s, number)
        s.settimeout(CONNECTING)
        s.connect((peer[0], int(peer[1])))
        return s
    except OSError:
        s.close()
        return None


def has_arrived(s):
    """Whether the other side's kernel has everything that was sent; linux/tcp.h, tcpi_unacked."""
    info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 28)
    return struct.unpack_from("I", info, 24)[0] == 0


def received(s, most):
    """Waits on where only the process at the other end can be late."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return s.recv(most)
        except socket.timeout:
            if time.monotonic() > end or not has_arrived(s):
                raise


def answered(s, number):
    text = b"%08d" % number
    try:
        s.sendall(text)
        data = b""
        while len(data) < len(text):
            more = received(s, len(text) - len(data))
            if not more:
                return False
            data += more
        return data == text
    except OSError:
        return False


class Asker:
    """Streams of a hundred questions, and connections for one question each."""

    def __init__(self):
        self.stream, self.since = None, 0

    def ask(self, number):
        # One that outlived what others did tells nothing of us.
        if self.stream and number % 100 == 0:
            self.stream.close()
            self.stream = None
        if not self.stream:
            self.since = now()
            self.stream = connected(2 * number)
        begun = now()
        ok = self.stream is not None and answered(self.stream, number)
        lines.append(f"asked stream {self.since} {begun} {now()} {int(ok)}")
        if self.stream and not ok:
            self.stream.close()
            self.stream = None
        if number % 10 == 0:
            self.ask_once(2 * number + 1)

    def ask_once(self, number):
        begun = now()
        s = connected(number)
        ok = s is not None and answered(s, number)
        if s:
            s.close()
        lines.append(f"asked connection {begun} {begun} {now()} {int(ok)}")


def turn(seconds):
    for key, _ in poll.select(max(0, seconds)):
        key.data(key.fileobj)


for port in udp:
    poll.register(listening(socket.SOCK_DGRAM, port), selectors.EVENT_READ, hear)
for port in [int(port) for port in tcp.split(",") if port]:
    s = listening(socket.SOCK_STREAM, port)
    s.listen(100)
    poll.register(s, selectors.EVENT_READ, welcome)
tell("ready")
while not has_come("go"):
    time.sleep(0.01)
asker, number, next_time = Asker(), 0, time.monotonic()
while not has_come("stop"):
    number += 1
    for flow, address, port in flows:
        send(flow, address, port, number)
    if peer:
        asker.ask(number)
    # No burst makes up for a pause that somebody else made.
    next_time = max(next_time + pause, time.monotonic())
    while time.monotonic() < next_time:
        turn(next_time - time.monotonic())
    turn(0)
# Who sends may learn of the end later than who hears.
tell("quiet")
while not has_come("end"):
    turn(0.05)
end = time.monotonic() + 0.5
while time.monotonic() < end:
    turn(0.05)
print("\n".join(lines))

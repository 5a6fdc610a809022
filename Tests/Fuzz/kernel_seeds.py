"""What the kernel tells about rules, as seeds: whole tables, and each rule with what it needs.

Usage: kernel_seeds.py GOLDEN NETLINK SNAPSHOT, in a network namespace.
"""

import pathlib
import socket
import struct
import subprocess
import sys

NETLINK_NETFILTER = 12
NLM_F_REQUEST, NLM_F_DUMP = 1, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
NEWTABLE, NEWCHAIN, NEWRULE, NEWSET, NEWSETELEM = 0xA00, 0xA03, 0xA06, 0xA09, 0xA0C
GETTABLE, GETCHAIN, GETRULE, GETSET, GETSETELEM = 0xA01, 0xA04, 0xA07, 0xA0A, 0xA0D
# NFTA_RULE_CHAIN, NFTA_SET_NAME, and the set of elements and of lookups.
NAME = 2


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def attribute(kind, value):
    return padded(struct.pack("=HH", 4 + len(value), kind) + value)


def attributes(data):
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3 :]


def dump(channel, kind, body=b"", family=0):
    """The messages that answer a dump."""
    payload = struct.pack("=BBH", family, 0, 0) + body
    header = struct.pack("=IHHII", 16 + len(payload), kind, NLM_F_REQUEST | NLM_F_DUMP, 1, 0)
    channel.send(header + payload)
    while True:
        data = channel.recv(1 << 18)
        while data:
            length, found = struct.unpack("=IH", data[:6])
            if found in (NLMSG_ERROR, NLMSG_DONE):
                return
            yield padded(data[:length])
            data = data[(length + 3) & ~3 :]


def ruleset(channel):
    """All that is told of the rules, in the order in which it is read."""
    tables = list(dump(channel, GETTABLE))
    chains = list(dump(channel, GETCHAIN))
    sets = list(dump(channel, GETSET))
    elements = []
    for message in sets:
        parts = dict(attributes(message[20:]))
        body = attribute(1, parts[1]) + attribute(2, parts[NAME])
        elements += dump(channel, GETSETELEM, body, message[16])
    return tables, chains, sets, elements, list(dump(channel, GETRULE))


def pieces(tables, chains, sets, elements, rules):
    """One seed for each rule and each set: its table, its chain or set, and itself."""
    for index, item in enumerate(rules + elements):
        parts = dict(attributes(item[20:]))
        owners = chains if item in rules else sets
        # A chain's name is its third attribute, a set's its second.
        position = 3 if item in rules else NAME
        wanted = (item[16], parts[NAME])
        place = [
            owner
            for owner in owners
            if (owner[16], dict(attributes(owner[20:]))[position]) == wanted
        ]
        home = [table for table in tables if table[16] == item[16]]
        yield index, b"".join(home + place + [item])


def state(messages):
    """The form in which states are kept."""
    name = b"bridgeward"
    body = bytes([len(name)]) + name + messages
    total = 0xCBF29CE484222325
    for byte in body:
        total = ((total ^ byte) * 0x100000001B3) % (1 << 64)
    return b"bwstate\1" + total.to_bytes(8, "big") + body


def main():
    golden, netlink, snapshot = map(pathlib.Path, sys.argv[1:])
    channel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    seen = set()
    for script in sorted(golden.glob("*/*/output.nft")):
        subprocess.run(["nft", "flush", "ruleset"], check=True)
        loading = subprocess.run(["nft", "-f", script], capture_output=True, check=False)
        if loading.returncode != 0:
            continue
        parts = ruleset(channel)
        name = "-".join(script.parts[-3:-1])
        whole = b"".join(b"".join(part) for part in parts)
        if len(whole) < 12_000:
            (netlink / name).write_bytes(whole)
            (snapshot / name).write_bytes(state(whole))
        for index, piece in pieces(*parts):
            # The kernel's handles and comments make every rule another.
            if len(piece) > 2000 or (len(piece), piece[-60:]) in seen:
                continue
            seen.add((len(piece), piece[-60:]))
            (netlink / f"{name}-{index}").write_bytes(piece)
    subprocess.run(["nft", "flush", "ruleset"], check=True)


main()

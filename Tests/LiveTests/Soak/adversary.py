"""Does to the rules of a network namespace what others do while bridgeward changes its own.

adversary.py FILE SECONDS SEED: acts every SECONDS or so until FILE-stop exists. While FILE-pause
exists it rests, and FILE-paused has what its tables are then: what nft lists, handles included.
Prints, with times in microseconds of the monotonic clock:

    act BEGUN ENDED KIND WHOSE RESULT      WHOSE is ours, others or all; RESULT done or refused
    touched FAMILY NAME DIFFERENCE         a table of its own is not what it had made of it
"""

import difflib
import json
import os
import random
import subprocess
import sys
import time

path, pause, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
dice = random.Random(seed)
OURS = [("inet", "bridgeward"), ("bridge", "bridgeward")]
TABLES = [
    ("ip", "docker"), ("inet", "firewalld"), ("inet", "bridgeward2"), ("ip6", "guard"),
    ("arp", "guard"), ("bridge", "vms"), ("ip", "Bridgeward"),
]
LISTS = ["ip saddr 192.0.2.{}", "ip daddr 198.51.100.{}", "ip saddr 192.0.2.0/24 ip ttl {}"]
# What we expect of the tables that are not bridgeward's.
made = {}


# Whoever started us may go without a word, or clear the place away.
parent = os.getppid()
folder = os.path.dirname(path)


def is_over():
    return (os.path.exists(f"{path}-stop") or os.getppid() != parent
            or not os.path.isdir(folder))


def now():
    return time.monotonic_ns() // 1000


def run(*words, text=None):
    done = subprocess.run(words, input=text, capture_output=True, text=True)
    return done.returncode == 0, done.stdout


def listing(key):
    """What nft tells of a table; None where there is none.

    While rules change it tells a chain twice now and then, so it counts once it is told again.
    """
    told = []
    while len(told) < 20:
        ok, text = run("nft", "-a", "-s", "list", "table", *key)
        told.append(text if ok else None)
        if len(told) > 1 and told[-1] == told[-2]:
            break
    return told[-1]


def objects(key):
    """What nft tells of a table, by kind; empty where there is none."""
    ok, text = run("nft", "-a", "-j", "list", "table", *key)
    result = {"chain": [], "rule": [], "set": [], "map": []}
    for item in json.loads(text)["nftables"] if ok else []:
        for kind, value in item.items():
            result.get(kind, []).append(value)
    return result


def tell(begun, kind, whose, ok):
    print(f"act {begun} {now()} {kind} {whose} {'done' if ok else 'refused'}", flush=True)
    return ok


# Others' tables


def verify(key):
    found = listing(key) if key in made else None
    if key in made and found != made[key]:
        lines = difflib.unified_diff(made[key].split("\n"), (found or "").split("\n"), n=0)
        print(f"touched {key[0]} {key[1]} {json.dumps(list(lines))}", flush=True)


def others(kind, key, *command, text=None):
    """Changes a table that is not bridgeward's, and remembers what it is then."""
    verify(key)
    begun = now()
    ok, _ = run(*command, text=text)
    tell(begun, kind, "others", ok)
    after = listing(key)
    if after is None:
        made.pop(key, None)
    else:
        made[key] = after


def rule(family):
    if family == "arp":
        return f"arp operation request counter comment \"{dice.randrange(999)}\""
    if family == "ip6":
        return f"ip6 saddr 2001:db8::{dice.randrange(1, 99)} counter drop"
    head = dice.choice(LISTS).format(dice.randrange(1, 255))
    return f"{head} {dice.choice(['counter', 'drop', 'accept', 'counter return'])}"


def add_table():
    key = dice.choice(TABLES)
    family, name = key
    hook = dice.choice(["input", "output"] + ([] if family == "arp" else ["forward"]))
    rules = "\n".join(rule(family) for _ in range(dice.randrange(1, 5)))
    elements = ", ".join(str(port) for port in dice.sample(range(1, 999), 5))
    script = f"""table {family} {name} {{
        set ports {{ type inet_service; elements = {{ {elements} }}; }}
        map verdicts {{ type mark : verdict; elements = {{ 7 : accept, 8 : jump own }}; }}
        chain own {{
          {rules}
        }}
        chain base{dice.randrange(9)} {{
          type filter hook {hook} priority {dice.randrange(-400, 400)}; policy accept;
          meta mark vmap @verdicts
          {rules}
        }}
      }}"""
    others("foreign-table-added", key, "nft", "-f", "-", text=script)


def change_table():
    if not made:
        return add_table()
    key = dice.choice(sorted(made))
    found = objects(key)
    family, name = key
    chain = dice.choice(found["chain"])["name"] if found["chain"] else "own"
    if dice.random() < 0.5 or not found["rule"]:
        script = f"add rule {family} {name} {chain} {rule(family)}"
    elif dice.random() < 0.6:
        gone = dice.choice(found["rule"])
        script = f"delete rule {family} {name} {gone['chain']} handle {gone['handle']}"
    else:
        script = f"add element {family} {name} ports {{ {dice.randrange(1000, 60000)} }}"
    others("foreign-table-changed", key, "nft", "-f", "-", text=script)


def delete_table():
    if made:
        key = dice.choice(sorted(made))
        others("foreign-table-deleted", key, "nft", "delete", "table", *key)


def iptables():
    """Rules by iptables-nft, ip6tables-nft and ebtables-nft, for neighbors that are none."""
    number = dice.randrange(1, 255)
    near, far = f"192.0.2.{number}", f"2001:db8::{number:x}"
    ip4, nat = ["iptables-nft"], ["iptables-nft", "-t", "nat"]
    key, words = dice.choice([
        (("ip", "filter"), ip4 + ["-N", f"OTHER{number % 9}"]),
        (("ip", "filter"), ip4 + ["-A", "FORWARD", "-s", near, "-j", "DROP"]),
        (("ip", "filter"), ip4 + ["-I", "INPUT", "-p", "tcp", "-s", near, "-j", "REJECT"]),
        (("ip", "filter"), ip4 + ["-D", "FORWARD", "1"]),
        (("ip", "nat"), nat + ["-A", "POSTROUTING", "-s", near, "-j", "MASQUERADE"]),
        (("ip", "nat"), nat + ["-F", "POSTROUTING"]),
        (("ip6", "filter"), ["ip6tables-nft", "-A", "FORWARD", "-s", far, "-j", "ACCEPT"]),
        (("bridge", "filter"), ["ebtables-nft", "-A", "FORWARD", "-p", "0x88b5", "-j", "DROP"]),
    ])
    others("foreign-iptables", key, *words)


# Ours


def ours(kind, script, as_json=False):
    begun = now()
    ok, _ = run("nft", *(["-j"] if as_json else []), "-f", "-", text=script)
    return tell(begun, kind, "ours", ok)


def chosen():
    key = OURS[0] if dice.random() < 0.75 else OURS[1]
    return key, objects(key)


def delete_ours():
    ours("delete-table", "delete table {} {}".format(*dice.choice(OURS)))


def flush_chain():
    (family, name), found = chosen()
    if found["chain"]:
        ours("flush-chain", f"flush chain {family} {name} {dice.choice(found['chain'])['name']}")


def delete_rule():
    (family, name), found = chosen()
    if found["rule"]:
        gone = dice.choice(found["rule"])
        ours("delete-rule", f"delete rule {family} {name} {gone['chain']} handle {gone['handle']}")


def insert_rule():
    (family, name), found = chosen()
    if found["chain"]:
        chain = dice.choice(found["chain"])["name"]
        what = dice.choice(["accept", "drop", "counter", "meta mark 7 counter accept"])
        ours("insert-rule", f"{dice.choice(['add', 'insert'])} rule {family} {name} {chain} {what}")


def change_elements():
    """Takes elements out, or puts them back with another port."""
    (family, name), found = chosen()
    sets = [each for each in found["set"] + found["map"] if each.get("elem")]
    if not sets:
        return
    each = dice.choice(sets)
    element = dice.choice(each["elem"])
    key = element[0] if each in found["map"] else element
    head = {"family": family, "table": name, "name": each["name"]}
    if dice.random() < 0.5:
        return ours("delete-element", command("delete", head, key), as_json=True)
    changed = moved(key)
    if changed is not None:
        element = [changed, element[1]] if each in found["map"] else changed
        ours("add-element", command("add", head, element), as_json=True)


def command(verb, head, element):
    return json.dumps({"nftables": [{verb: {"element": {**head, "elem": [element]}}}]})


def moved(key):
    if isinstance(key, int):
        return dice.randrange(1, 60000)
    parts = key.get("concat") if isinstance(key, dict) else None
    if not parts or not any(isinstance(part, int) for part in parts):
        return None
    return {"concat": [moved(part) if isinstance(part, int) else part for part in parts]}


def flush_map():
    (family, name), found = chosen()
    sets = found["set"] + found["map"]
    if sets:
        each = dice.choice(sets)
        kind = "map" if each in found["map"] else "set"
        ours("flush-set", f"flush {kind} {family} {name} {each['name']}")


def add_stranger():
    family, name = dice.choice(OURS)
    number = dice.randrange(99)
    ours("add-object", dice.choice([
        f"add counter {family} {name} stranger{number}",
        f"add chain {family} {name} stranger{number}",
        f"add set {family} {name} stranger{number} {{ type inet_service; }}",
        f"add chain {family} {name} stranger{number} {{ type filter hook forward priority 7; }}",
    ]))


def change_policy():
    (family, name), found = chosen()
    bases = [chain for chain in found["chain"] if "hook" in chain]
    if bases:
        chain = dice.choice(bases)["name"]
        ours("change-policy", f"add chain {family} {name} {chain} {{ policy drop; }}")


def rename_chain():
    (family, name), found = chosen()
    if found["chain"]:
        chain = dice.choice(found["chain"])["name"]
        ours("rename-chain", f"rename chain {family} {name} {chain} renamed{dice.randrange(99)}")


def flush_all():
    for key in sorted(made):
        verify(key)
    begun = now()
    ok, _ = run("nft", "flush", "ruleset")
    tell(begun, "flush-ruleset", "all", ok)
    made.clear()


OTHERS = [add_table] * 3 + [change_table] * 8 + [delete_table] + [iptables] * 6
EDITS = [delete_ours, flush_chain, delete_rule, delete_rule, insert_rule, insert_rule,
         change_elements, change_elements, change_elements, flush_map, add_stranger, change_policy,
         rename_chain, flush_all]


def rest():
    """Waits with its tables told, as long as it is asked to."""
    if not os.path.exists(f"{path}-pause"):
        return
    for key in sorted(made):
        verify(key)
    with open(f"{path}-paused.new", "w") as file:
        file.write("".join(made[key] for key in sorted(made)))
    os.rename(f"{path}-paused.new", f"{path}-paused")
    while os.path.exists(f"{path}-pause") and not is_over():
        time.sleep(0.005)
    if os.path.exists(f"{path}-paused"):
        os.remove(f"{path}-paused")


while not is_over():
    rest()
    dice.choice(EDITS if dice.random() < 0.2 else OTHERS)()
    end = time.monotonic() + dice.expovariate(1 / pause)
    while time.monotonic() < end and not os.path.exists(f"{path}-pause"):
        time.sleep(min(0.01, pause))

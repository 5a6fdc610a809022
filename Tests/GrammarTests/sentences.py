"""Sentences of the policy language, made from its grammar, and ways to damage them."""

import concurrent.futures

import lark
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

START = "policy"

# Texts of the terminals that are no fixed words. The real patterns look ahead at what follows a
# word, which no generator can know.
EXAMPLES = {
    "IDENTIFIER": """web db-1 lan.web eth0.100 _ 1st a. a- 1-2-3 1- Publish publish.x denied2 udp-
        0x1F 1.2.3.4.x tcp_ a1.2 10.0.0.1- 1.2-3-4""",
    "INTEGER": "0 1 80 443 65535 65536 00 4294967296",
    "INTEGER_RANGE": "1-2 10000-10100 0-0 9-1 1-65536",
    "IPV4_ADDRESS": "10.0.0.1 0.0.0.0 127.0.0.1 10.0.0.300 1.0 1. 1..2 1.2.3.4.5 255.255.255.255.",
    "IPV4_PREFIX": "10.0.0.0/8 0.0.0.0/0 10.0.0.1/99 10.0.0.0/255.0.0.0 1.0/8 10.0.0.0/8.",
    "IPV4_RANGE": "10.0.0.1-10.0.0.9 10.0.0.1-9 1-10.0.0.1 1.-2 1.2.3-4.5",
    "IPV6_ADDRESS": """:: ::1 fd00::1 2001:db8:1:2:3:4:5:6 ::ffff:10.0.0.1 web:80:90 1:2:3 :::
        02:42:ac:13:00:1 02:42:ac:13:00:1g a:b: tcp:udp:icmp""",
    "IPV6_PREFIX": "::/0 fd00::/8 2001:db8::/129 1:2:3/4 web:80:90/1",
    "IPV6_RANGE": "fd00::1-fd00::9 ::-:: a-b:c:d web:80:90- 02:42:ac:13:00:14-15",
    "MAC_ADDRESS": "02:42:ac:13:00:14 02:42:AC:13:00:14 ff:ff:ff:ff:ff:ff 00:11:22:33:44:55",
}
STRINGS = [
    '""', '"a"', '"log"', '"a b"', '"a.b"', '"é漢🚀"', r'"\""', r'"\\"', r'"a\"b\\c"', '"# no"',
    '"{"', '"->"', '"\t"', "\"'\"",
]
LOG_DENIED = ["log denied", "log\n\tdenied", "log # a\n denied", "log\r\n# denied\n\ndenied"]

# White space between words.
TRIVIA = [" ", " ", " ", "\n", "\t", "  \n", "\r\n", " # note\n", "\n#\n\n", " # \"a { \\\r\n"]


def examples(terminal):
    """The texts of a terminal by name, or None where its pattern is one text."""
    if terminal == "STRING":
        return STRINGS
    if terminal == "LOG_DENIED":
        return LOG_DENIED
    return EXAMPLES[terminal].split() if terminal in EXAMPLES else None


def token_texts(parser):
    """The texts of each terminal that is not skipped."""
    return [
        examples(terminal.name) or [terminal.pattern.value]
        for terminal in parser.terminals
        if terminal.name not in parser.ignore_tokens
    ]


def strategies(parser):
    """How to make each terminal; white space follows every word, so that words stay apart."""
    made = {
        "COMMENT": st.just("# x\n"),
        "SPACE": st.just(" "),
        "NEWLINE": st.sampled_from(["\n", "\r\n"]),
        "BYTE_ORDER_MARK": st.just(""),
    }
    for terminal in parser.terminals:
        name = terminal.name
        if name in parser.ignore_tokens:
            continue
        texts = examples(name) or [terminal.pattern.value]
        check_examples(parser, name, texts)
        is_sign = name == "STRING" or terminal.pattern.value in "{}[],:/=->"
        followers = ["", " ", "\n"] if is_sign else TRIVIA
        made[name] = st.sampled_from([text + space for text in texts for space in followers])
    return made


def check_examples(parser, name, texts):
    """Refuses a text that is another terminal than it is an example of."""
    for text in texts:
        found = [token.type for token in parser.lex(text)]
        assert found == [name], f"{text!r} is {found}, not {name}"


def generated(text, count, number):
    """At least `count` different sentences, the same ones for the same `number`.

    `text` is the grammar's. Rounds are made two at a time.
    """
    found = {}
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        while len(found) < count:
            for sentences in pool.map(_round, [text, text], [number, number + 1]):
                found.update(dict.fromkeys(sentences))
            number += 2
    return list(found)


def _round(text, number):
    """The sentences that hypothesis makes of one seed: whole policies, and statements in networks."""
    grammar = lark.Lark(text, start=[START, "statement"])
    explicit = strategies(parser_of(text))
    policies = from_lark(grammar, start=START, explicit=explicit)
    statements = from_lark(grammar, start="statement", explicit=explicit)
    found = {}

    def collect(sentence):
        found[sentence] = None

    options = settings(
        max_examples=500, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    networks = statements.map(lambda statement: "network n {" + statement + "}")
    seed(number)(options(given(policies | networks)(collect)))()
    return list(found)


def parser_of(text):
    """The executable grammar; the basic lexer knows no context, as that of the compiler."""
    return lark.Lark(text, start=START, parser="lalr", lexer="basic")


def damaged(random, sentences, tokens):
    """One of `sentences` with one or two pieces of damage, as bytes."""
    text = random.choice(sentences)
    for _ in range(random.choice((1, 1, 2))):
        text = random.choice((_damage_bytes, _damage_tokens))(random, text, tokens)
    return text


def _damage_bytes(random, text, tokens):
    place = random.randrange(len(text) + 1)
    end = place + random.randint(1, 3)
    kind = random.randrange(4)
    if kind == 0:
        return text[:place] + text[end:]
    if kind == 1:
        return text[:place] + random.choice(tokens) + text[place:]
    if kind == 2:
        return text[:place] + bytes([random.randrange(256)]) + text[place + 1 :]
    return text[:place] + text[end : end + 2] + text[place:end] + text[end + 2 :]


def _damage_tokens(random, text, tokens):
    words = text.split(b" ")
    place = random.randrange(len(words))
    other = random.randrange(len(words))
    kind = random.randrange(4)
    if kind == 0:
        del words[place]
    elif kind == 1:
        words.insert(place, random.choice(tokens))
    elif kind == 2:
        words[place] = random.choice(tokens)
    else:
        words[place], words[other] = words[other], words[place]
    return b" ".join(words)

"""Compares the grammar with the parser: `conformance.py GRAMMAR PROBE`.

Sentences that the grammar makes must be read by the parser; of damaged sentences and of the
policies of this repository, both must say the same. The probe answers for the parser.
"""

import argparse
import pathlib
import random
import subprocess
import sys

import lark

import sentences


def main():
    options = arguments()
    print(f"seed {options.seed}")
    text = options.grammar.read_text(encoding="utf-8")
    parser = sentences.parser_of(text)
    made = sentences.generated(text, options.count, options.seed)
    results = [
        check_made(options.probe, parser, made),
        check_coverage(parser, made),
        check_neighbors(options.probe, parser, made),
        check_damaged(options, parser, made),
        check_repository(options, parser),
    ]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("grammar", type=pathlib.Path)
    parser.add_argument("probe", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=20260101)
    return parser.parse_args()


def check_made(probe, parser, made):
    """Whether the grammar's own sentences are taken by both sides."""
    texts = [text.encode() for text in made]
    grammar = [grammar_takes(parser, text) for text in texts]
    return report("sentences made from the grammar", texts, [True] * len(texts), grammar) & report(
        "sentences made from the grammar", texts, grammar, probe_takes(probe, texts)
    )


def check_coverage(parser, made):
    """Whether the sentences used every rule and every terminal, so that nothing went unproved."""
    rules = {str(rule.origin.name) for rule in parser.rules if not rule.options.expand1}
    used_rules, used_terminals = set(), set()
    for text in made:
        reading = parser.parse_interactive(text)
        used_terminals.update(token.type for token in reading.exhaust_lexer())
        used_rules.update(str(node.data) for node in reading.feed_eof().iter_subtrees())
    terminals = {terminal.name for terminal in parser.terminals} - set(parser.ignore_tokens)
    missing = {rule for rule in rules if not rule.startswith("_")} - used_rules
    missing |= terminals - used_terminals
    print(f"{len(used_rules)} rules and {len(used_terminals)} terminals used, missing {missing}")
    return not missing


def check_neighbors(probe, parser, made):
    """Whether both sides say the same when one token is added to, put for or taken from a sentence.

    The sentences are the shortest that use each rule with so many parts, so that every place of the
    grammar is tried with every token.
    """
    shortest = {}
    for text in sorted(made, key=len):
        for node in parser.parse(text).iter_subtrees():
            shortest.setdefault((str(node.data), min(len(node.children), 3)), text)
    tokens = [texts[0] for texts in sentences.token_texts(parser)] + ["denied", "@"]
    near = {}
    for text in sorted(set(shortest.values())):
        words = [str(token) for token in parser.parse_interactive(text).exhaust_lexer()]
        for place in range(len(words) + 1):
            before, rest = words[:place], words[place:]
            near.update((" ".join(before + [token] + rest), None) for token in tokens)
            near.update((" ".join(before + [token] + rest[1:]), None) for token in tokens)
            near[" ".join(before + rest[1:])] = None
    texts = [text.encode() for text in near]
    grammar = [grammar_takes(parser, text) for text in texts]
    print(f"{sum(grammar)} of {len(texts)} neighbors are of the language")
    return report("neighbors", texts, grammar, probe_takes(probe, texts))


def check_damaged(options, parser, made):
    """Whether both sides say the same of damaged sentences, among which are good and bad ones."""
    generator = random.Random(options.seed)
    tokens = [text.encode() for texts in sentences.token_texts(parser) for text in texts]
    tokens += [b"denied", b"#", b'"', b"-", b"\xff", b"\0", b"\\", "\u202e".encode(), b"\r"]
    sources = [text.encode() for text in made]
    damaged = {}
    while len(damaged) < options.count:
        damaged[sentences.damaged(generator, sources, tokens)] = None
    texts = list(damaged)
    grammar = [grammar_takes(parser, text) for text in texts]
    print(f"{sum(grammar)} of {len(texts)} damaged sentences are still of the language")
    if not options.count / 20 < sum(grammar) < options.count * 19 / 20:
        return False
    return report("damaged sentences", texts, grammar, probe_takes(options.probe, texts))


def check_repository(options, parser):
    """Whether both sides say the same of every policy in this repository."""
    root = options.grammar.resolve().parent.parent
    paths = [path for folder in ("golden", "Examples") for path in root.glob(f"{folder}/**/*.ward")]
    texts = [path.read_bytes() for path in sorted(paths)]
    grammar = [grammar_takes(parser, text) for text in texts]
    return report("policies", texts, grammar, probe_takes(options.probe, texts)) and any(grammar)


def grammar_takes(parser, data):
    try:
        parser.parse(data.decode("utf-8"))
    except (lark.exceptions.LarkError, UnicodeDecodeError):
        return False
    return True


def probe_takes(probe, texts):
    """The parser's answers; each sentence is sent with its length before it."""
    message = b"".join(b"%d\n%s" % (len(text), text) for text in texts)
    answer = subprocess.run([probe], input=message, capture_output=True, check=True)
    return [line == b"1" for line in answer.stdout.split()]


def report(what, texts, expected, found):
    """Prints where two lists of answers differ."""
    assert len(texts) == len(expected) == len(found), "an answer for every text"
    different = [text for text, one, other in zip(texts, expected, found) if one != other]
    print(f"{len(texts)} {what}, {len(different)} disagreements")
    for text in sorted(different, key=len)[:10]:
        print(f"  {text!r}: {expected[texts.index(text)]}, then {found[texts.index(text)]}")
    return not different


if __name__ == "__main__":
    sys.exit(main())

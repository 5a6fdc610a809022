"""The record as text: a table for each section, then the goals."""

from rows import FLOOR, SECTIONS

NAME = 37
COLUMN = 16


def number(value):
    """Three digits that say something."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def grouped(size):
    return f"{size:,}".replace(",", " ")


def cell_text(section, record, row, size):
    cell = record.cells.get((row.name, size))
    if cell is None:
        return "–"
    time = cell.wall_ms * section.per_ms
    value = number(time if cell.per_second is None else cell.per_second)
    ratio = section.to_first(record, row, size)
    if ratio is None or row is section.rows[0]:
        return value + " " * 7
    return f"{value} {'×' + number(ratio):>6}"


def section_lines(section, record):
    sizes = section.sizes(record)
    rows = [row for row in section.rows if any((row.name, size) in record.cells for size in sizes)]
    if not any(row.kind != FLOOR for row in rows):
        return
    flows = any(record.value(row.name, size, "per_second") for row in rows for size in sizes)
    unit = "a second (× the first's time)" if flows else f"{section.unit} (× the first)"
    yield ""
    yield section.title
    heads = "".join(f"{'N = ' + grouped(size) if size else '':>{COLUMN}}" for size in sizes)
    yield f"{unit:{NAME}}{heads}{'MiB':>8}{'rounds':>8}"
    for row in rows:
        cells = [record.cells[row.name, size] for size in sizes if (row.name, size) in record.cells]
        counts = sorted({cell.rounds for cell in cells})
        rounds = str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"
        texts = (f"{cell_text(section, record, row, size):>{COLUMN}}" for size in sizes)
        yield f"{row.title:{NAME}}{''.join(texts)}{number(cells[-1].rss_mib):>8}{rounds:>8}"


def goal_lines(title, goals):
    yield ""
    yield title
    for goal in goals:
        value = "" if goal.value is None else f"{goal.value:.2f}"
        verdict = goal.verdict + (f": {goal.reason}" if goal.value is None else "")
        yield f"{goal.mark:5}{goal.text:60}{value:>9} of {goal.limit:<6g} {verdict}"


def lines(record, limits, goals):
    for section in SECTIONS:
        yield from section_lines(section, record)
    yield ""
    yield "MiB is the peak at the largest N; – was not run: see the notes, and Docs/Benchmarks.md."
    for note in record.notes:
        yield f"note: {note}"
    yield from goal_lines("Limits (the run fails if one is not met)", limits)
    yield from goal_lines("Goals (ratios to floors of this run)", goals)

"""The record as a picture: growth, packets, and how far from each goal."""

import math
from xml.etree import ElementTree

from rows import COMPILE, FLOOR, LOAD, OURS, TCP, UDP

WIDTH = 1200
MARGIN = 24
INK, FAINT, GRID = "#1b1f24", "#6a737d", "#e3e6ea"
MET, MISSED = "#2e8b57", "#c8402f"
OUR_COLORS = ("#0b5fd6", "#4c95f5", "#8dbdfb", "#1d3f8f")
PEER_COLORS = ("#d9730d", "#b8860b", "#7d5bbe", "#9c5a3c", "#1a8f82", "#c2408f", "#b03030")


class Canvas:
    """Shapes of an SVG document, told by their corners."""

    def __init__(self, width, height):
        self.root = ElementTree.Element(
            "svg",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=str(width),
            height=str(height),
            attrib={"font-family": "sans-serif", "font-size": "12"},
        )
        self.rectangle(0, 0, width, height, "#ffffff")

    def add(self, kind, **attributes):
        names = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
        return ElementTree.SubElement(self.root, kind, names)

    def rectangle(self, x, y, width, height, fill):
        self.add("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}",
                 height=f"{height:.1f}", fill=fill)

    def line(self, points, color, width=1, **style):
        self.add("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
                 fill="none", stroke=color, stroke_width=width, **style)

    def dot(self, x, y, color):
        self.add("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="3", fill=color)

    def text(self, x, y, text, color=INK, **style):
        """With a rim, so that it can be read across lines."""
        self.add("text", x=f"{x:.1f}", y=f"{y:.1f}", fill=color, stroke="#ffffff", stroke_width="3",
                 paint_order="stroke", **style).text = text


def grouped(number):
    return f"{number:,.0f}".replace(",", " ")


def colored(rows):
    """Each row with its color: floors dark, ours blue."""
    ours, peers = iter(OUR_COLORS), iter(PEER_COLORS)
    for row in rows:
        yield row, INK if row.kind == FLOOR else next(ours if row.kind == OURS else peers)


def spread(places, gap):
    """Moves places, which rise, apart until no two are closer than the gap."""
    result = []
    for place in places:
        result.append(max(place, result[-1] + gap) if result else place)
    return result


def growth(canvas, record, section, left, top, width, height):
    """Both axes are logarithmic: what is linear rises by a decade in a decade."""
    series = []
    for row, color in colored(section.rows):
        cells = sorted((size, cell) for (name, size), cell in record.cells.items()
                       if name == row.name and size > 0)
        if cells:
            series.append((row, color, [(size, cell.wall_ms) for size, cell in cells]))
    canvas.text(left, top + 14, section.title + ": ms", font_size="15", font_weight="bold")
    if not series:
        return canvas.text(left, top + 40, "not part of this run", FAINT)
    points = [point for _, _, points in series for point in points]
    least, most = (math.log10(pick(size for size, _ in points)) for pick in (min, max))
    bottom = math.floor(math.log10(min(value for _, value in points)))
    ceiling = max(math.ceil(math.log10(max(value for _, value in points))), bottom + 1)
    x0, x1, y0, y1 = left + 56, left + width - 215, top + height - 30, top + 34

    def place(size, value):
        across = (math.log10(size) - least) / ((most - least) or 1)
        up = (math.log10(value) - bottom) / (ceiling - bottom)
        return x0 + (x1 - x0) * across, y0 + (y1 - y0) * up

    for decade in range(bottom, ceiling + 1):
        _, y = place(10**least, 10**decade)
        canvas.line([(x0, y), (x1, y)], GRID)
        canvas.text(x0 - 8, y + 4, grouped(10**decade) if decade > 0 else f"{10**decade:g}",
                    FAINT, text_anchor="end")
    for size in sorted({size for size, _ in points}):
        x, _ = place(size, 10**bottom)
        canvas.line([(x, y0), (x, y1)], GRID)
        canvas.text(x, y0 + 18, grouped(size), FAINT, text_anchor="middle")
    series.sort(key=lambda entry: place(*entry[2][-1])[1])
    labels = spread([place(*points[-1])[1] for _, _, points in series], 15)
    # What was pushed out at the bottom moves the others up.
    labels = [y - max(0, labels[-1] - y0) for y in labels]
    for (row, color, points), y in zip(series, labels, strict=True):
        path = [place(*point) for point in points]
        canvas.line([path[-1], (x1 + 6, y)], color, 0.7, stroke_dasharray="2 3")
        canvas.line(path, color, 3 if row.kind == OURS else 1.6)
        for point in path:
            canvas.dot(*point, color)
        weight = "bold" if row.kind == OURS else "normal"
        canvas.text(x1 + 10, y + 4, row.title, color, font_weight=weight, font_size="11")


def packets(canvas, record, section, left, top, width):
    canvas.text(left, top + 14, section.title, font_size="15", font_weight="bold")
    bars = [(row, size, record.cells[row.name, size].per_second) for row in section.rows
            for size in section.sizes(record) if (row.name, size) in record.cells]
    if not bars:
        return canvas.text(left, top + 40, "not part of this run", FAINT)
    most = max(value for _, _, value in bars)
    start, room = left + 215, width - 215 - 90
    for index, (row, size, value) in enumerate(bars):
        y = top + 30 + 24 * index
        color = INK if row.kind == FLOOR else OUR_COLORS[0] if row.kind == OURS else PEER_COLORS[0]
        lone = row.kind == FLOOR or row.name.endswith("ours-one")
        title = row.title if lone else f"{row.title}, {grouped(size)}"
        canvas.text(start - 8, y + 13, title, text_anchor="end")
        canvas.rectangle(start, y, room * value / most, 17, color)
        canvas.text(start + room * value / most + 6, y + 13, f"{grouped(value)} /s", FAINT)


def distances(canvas, goals, left, top, width):
    canvas.text(left, top + 14, "Goals: at the line or before it is met", font_size="15",
                font_weight="bold")
    start, room = left + 400, width - 400 - 200
    end = top + 30 + 20 * len(goals)
    canvas.line([(start + room / 2, top + 24), (start + room / 2, end)], INK, 1.2)
    for index, goal in enumerate(goals):
        y = top + 30 + 20 * index
        canvas.text(left, y + 12, goal.mark or "limit", FAINT)
        canvas.text(start - 8, y + 12, goal.text, text_anchor="end")
        if goal.value is None:
            canvas.text(start + 6, y + 12, f"not measured: {goal.reason}", FAINT)
            continue
        part = goal.value / goal.limit if goal.limit else 2 * (goal.value > 0)
        # Differences of medians may be below zero, and bars end somewhere.
        length = max(1, room * min(part, 2) / 2)
        canvas.rectangle(start, y, length, 14, MET if goal.verdict == "met" else MISSED)
        canvas.text(start + length + 6, y + 12,
                    f"{goal.value:.2f} of {goal.limit:g}" + (" …" if part > 2 else ""), FAINT)


def draw(record, goals):
    half = (WIDTH - 3 * MARGIN) / 2
    right = half + 2 * MARGIN
    rows_top, goals_top = 460, 760
    canvas = Canvas(WIDTH, goals_top + 50 + 20 * len(goals))
    growth(canvas, record, COMPILE, MARGIN, MARGIN, half, 410)
    growth(canvas, record, LOAD, right, MARGIN, half, 410)
    packets(canvas, record, TCP, MARGIN, rows_top, half)
    packets(canvas, record, UDP, right, rows_top, half)
    distances(canvas, goals, MARGIN, goals_top, WIDTH - 2 * MARGIN)
    return canvas.root


def write(path, record, limits, aims):
    tree = ElementTree.ElementTree(draw(record, limits + aims))
    ElementTree.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)

"""Draw the calibration plots of docs/forecast.md from the acceptance's figures: forecast_plots.py FIGURES.json [FOLDER]."""

import json
import sys
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INK, FAINT, GROUND = "#1F2328", "#C9CED6", "#FFFFFF"
COLOURS = ("#0B5FA5", "#B3261E", "#007C91", "#7A4B00", "#5F3DC4")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4")
MARKS = ("circle", "square", "diamond", "triangle", "ring")
DESIGNS = {"n2": "2 counts", "n3": "3 counts", "n5": "5 counts", "n10": "10 counts", "next": "next cycle"}
LEVELS = (0.5, 0.8, 0.9, 0.95)


class Drawing:
    """A plot area in SVG with axes from 0 to 1 unless said otherwise."""

    def __init__(self, title: str, x: str, y: str, *, width: int = 560, height: int = 470, top: float = 1.0) -> None:
        self.width, self.height, self._top = width, height, top
        self.left, self.right, self.upper, self.lower = 70, width - 20, 52, height - 62
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'font-family="Inter, DejaVu Sans, sans-serif" font-size="13">',
            f'<rect width="{width}" height="{height}" fill="{GROUND}"/>',
        ]
        self.text((self.left + self.right) / 2, 26, title, anchor="middle", size=15, weight="600")
        self.text((self.left + self.right) / 2, height - 14, x, anchor="middle")
        middle = (self.upper + self.lower) / 2
        self._parts.append(
            f'<text x="20" y="{middle}" text-anchor="middle" fill="{INK}" transform="rotate(-90 20 {middle})">{escape(y)}</text>'
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point."""
        return self.left + x * (self.right - self.left), self.lower - y / self._top * (self.lower - self.upper)

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, weight: str = "400") -> None:
        """Write words."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{INK}">'
            f"{escape(words)}</text>"
        )

    def axes(self, xs: Sequence[float], ys: Sequence[float], shown: Callable[[float], str] = lambda v: f"{v:g}") -> None:
        """Draw a grid with its numbers."""
        for value in xs:
            x, _ = self.at(value, 0)
            self.line([(x, self.lower), (x, self.upper)], FAINT, 1)
            self.text(x, self.lower + 18, shown(value), anchor="middle")
        for value in ys:
            _, y = self.at(0, value)
            self.line([(self.left, y), (self.right, y)], FAINT, 1)
            self.text(self.left - 8, y + 4, shown(value), anchor="end")

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> None:
        """Draw a line through places."""
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def bar(self, x0: float, x1: float, y: float, colour: str) -> None:
        """Draw a bar from the ground."""
        (left, top), (right, ground) = self.at(x0, y), self.at(x1, 0)
        self._parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{ground - top:.1f}" fill="{colour}" '
            'fill-opacity="0.75"/>'
        )

    def mark(self, place: tuple[float, float], shape: str, colour: str) -> None:
        """Draw a mark of its own shape, so that colour is never alone."""
        x, y = place
        forms = {
            "circle": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>',
            "ring": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{GROUND}" stroke="{colour}" stroke-width="2"/>',
            "square": f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"/>',
            "diamond": f'<path d="M{x:.1f},{y - 6:.1f}l6,6l-6,6l-6,-6z" fill="{colour}"/>',
            "triangle": f'<path d="M{x:.1f},{y - 6:.1f}l6,11h-12z" fill="{colour}"/>',
        }
        self._parts.append(forms[shape])

    def legend(self, names: Sequence[str], x: float, y: float) -> None:
        """Draw the legend."""
        for index, name in enumerate(names):
            place = y + 19 * index
            self.line([(x, place), (x + 30, place)], COLOURS[index], 2, DASHES[index])
            self.mark((x + 15, place), MARKS[index], COLOURS[index])
            self.text(x + 38, place + 4, name)

    def save(self, path: Path) -> None:
        """Write the file."""
        path.write_text("\n".join([*self._parts, "</svg>"]) + "\n", encoding="utf-8")


def coverage_plot(studies: dict[str, Any], patients: int) -> Drawing:
    """Stated interval against the share of true nadirs inside it."""
    drawing = Drawing(
        f"Nadir: stated interval and share inside ({patients} patients each)", "stated interval", "share of true nadirs inside it"
    )
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    drawing.axes(ticks, ticks, lambda v: f"{v:.0%}")
    drawing.line([drawing.at(0, 0), drawing.at(1, 1)], INK, 1)
    for index, key in enumerate(DESIGNS):
        pits = studies[key]["pit_nadir"]
        points = [(level, sum((1 - level) / 2 < p < (1 + level) / 2 for p in pits) / len(pits)) for level in LEVELS]
        drawing.line([drawing.at(x, y) for x, y in points], COLOURS[index], 1.5, DASHES[index])
        for x, y in points:
            drawing.mark(drawing.at(x, y), MARKS[index], COLOURS[index])
    drawing.legend(list(DESIGNS.values()), 90, 70)
    return drawing


def pit_plot(studies: dict[str, Any], key: str, name: str) -> Drawing:
    """Where the true nadir fell in the forecast distribution: flat is right."""
    pits, bins = studies[key]["pit_nadir"], 10
    shares = [sum(k / bins <= p < (k + 1) / bins or (k == bins - 1 and p == 1.0) for p in pits) * bins / len(pits) for k in range(bins)]
    drawing = Drawing(
        f"Where the true nadir fell: {name} ({len(pits)} patients)",
        "place in the forecast distribution",
        "density (1 = as stated)",
        top=2.0,
    )
    drawing.axes((0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0, 1.5, 2.0))
    for k, share in enumerate(shares):
        drawing.bar(k / bins + 0.004, (k + 1) / bins - 0.004, min(share, 2.0), COLOURS[0])
    drawing.line([drawing.at(0, 1), drawing.at(1, 1)], INK, 1.5, "6 3")
    room = 1.96 * (bins * (1 - 1 / bins) / len(pits)) ** 0.5
    for edge in (1 - room, 1 + room):
        drawing.line([drawing.at(0, min(max(edge, 0.0), 2.0)), drawing.at(1, min(max(edge, 0.0), 2.0))], INK, 1, "2 3")
    drawing.text(drawing.left + 8, drawing.upper + 16, "dotted: where 95 of 100 bars lie by chance")
    return drawing


def reliability_plot(studies: dict[str, Any]) -> Drawing:
    """Stated probability of a count at or above 1.5 on day 16 against how often it was so."""
    drawing = Drawing("At or above 1.5 ×10⁹/L on day 16: stated and observed", "stated probability", "share measured at or above 1.5")
    ticks = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    drawing.axes(ticks, ticks, lambda v: f"{v:.0%}")
    drawing.line([drawing.at(0, 0), drawing.at(1, 1)], INK, 1)
    shown = {key: name for key, name in DESIGNS.items() if key != "n3"}
    for index, key in enumerate(shown):
        source = studies.get("n2-brier", studies["n2"]) if key == "n2" else studies[key]
        pairs = sorted(zip(source["p_d16"], source["above_d16"], strict=True))
        size = max(1, len(pairs) // 8)
        points = []
        for start in range(0, len(pairs) - size // 2, size):
            part = pairs[start : start + size]
            points.append((sum(p for p, _ in part) / len(part), sum(y for _, y in part) / len(part)))
        drawing.line([drawing.at(x, y) for x, y in points], COLOURS[index], 1.5, DASHES[index])
        for x, y in points:
            drawing.mark(drawing.at(x, y), MARKS[index], COLOURS[index])
    drawing.legend(list(shown.values()), 90, 70)
    return drawing


def figures_table(kept: dict[str, Any]) -> str:
    """Return every figure as a Markdown table: test, what, figure, what it must be."""
    lines = ["| test | what | figure | must be |", "|---|---|---|---|"]
    for row in kept["figures"]:
        low, high = row["low"], row["high"]
        bounds = {(False, False): "shown only", (True, False): f">= {low}", (False, True): f"<= {high}", (True, True): f"{low} to {high}"}
        must = bounds[low is not None, high is not None]
        rounded = " ".join(f"{float(word):.3g}" if _is_number(word) else word for word in must.split())
        note = f" ({row['note']})" if row["note"] and row["note"] != "shown only" else ""
        lines.append(f"| {row['id']} | {row['what']} | {row['value']:.3g}{note} | {rounded}{'' if row['holds'] else ' **missed**'} |")
    return "\n".join(lines)


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).replace("e-", "", 1).isdigit()


def main(arguments: list[str]) -> int:
    """Draw every plot into the folder of the documentation."""
    kept = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    folder = Path(arguments[1]) if len(arguments) > 1 else ROOT / "docs" / "forecast"
    folder.mkdir(parents=True, exist_ok=True)
    studies = kept["studies"]
    coverage_plot(studies, kept["patients"]).save(folder / "coverage.svg")
    pit_plot(studies, "n2", "two counts").save(folder / "pit-two-counts.svg")
    pit_plot(studies, "iov4", "fourth cycle").save(folder / "pit-fourth-cycle.svg")
    reliability_plot(studies).save(folder / "reliability.svg")
    print(figures_table(kept))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

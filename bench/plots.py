"""Figures as a small SVG: a bar to each median, a dot for each round, a line at the target."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure

_WIDTH, _ROW, _MARGIN = 640, 44, 16
_GREEN, _RED, _GREY, _INK = "#2da44e", "#cf222e", "#8c959f", "#24292f"


def plot(figures: Sequence[Figure]) -> str:
    """The text of an SVG with one row for each figure, each on a scale of its own from zero."""
    height = 2 * _MARGIN + _ROW * len(figures)
    rows = [_row(figure, _MARGIN + n * _ROW) for n, figure in enumerate(figures)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="13">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>\n{"".join(rows)}</svg>\n'
    )


def _row(figure: Figure, top: int) -> str:
    known = [*figure.samples, figure.target or 0.0]
    per_unit = (_WIDTH - 2 * _MARGIN) / (1.1 * max(known))
    colour = {"met": _GREEN, "none": _GREY}.get(figure.verdict, _RED)

    def x(value: float) -> str:
        return f"{_MARGIN + value * per_unit:.1f}"

    length = max(0.0, figure.median) * per_unit
    shown = f"{figure.name}: {figure.median:.3g} {figure.unit}".strip()
    parts = [
        f'<text x="{_MARGIN}" y="{top + 12}" fill="{_INK}">{escape(shown)}</text>',
        f'<rect x="{_MARGIN}" y="{top + 19}" width="{length:.1f}" height="10" '
        f'fill="{colour}" fill-opacity="0.45"/>',
        *(
            f'<circle cx="{x(sample)}" cy="{top + 24}" r="3" fill="{colour}"/>'
            for sample in figure.samples
        ),
    ]
    if figure.target is not None:
        at = x(figure.target)
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="{top + 15}" y2="{top + 33}" stroke="{_INK}" '
            'stroke-width="2" stroke-dasharray="4 2"/>'
        )
    return "\n".join(parts) + "\n"

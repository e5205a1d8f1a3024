"""Sheets of paper for a proof: headings, lines, tables, a sketch of a zone. Loaded only when a proof is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import cos, radians
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from hub.alerts.proof.letters import MORE, writable

Ring = Sequence[tuple[float, float]]

_FONT = "proof"
_INK, _GREY, _SLATE, _SOFT, _MINIUM = (27, 34, 37), (90, 97, 99), (27, 83, 96), (218, 231, 230), (181, 51, 13)
_SKETCH_MM = 62.0


class Sheet(FPDF):  # type: ignore[misc]
    """A4. What is written is text, so that it can be read aloud and searched. `band`: a word on top of every page.

    `fonts`: the files of its font by style (`letters.fonts`); without them it is a draft, which only finds out by
    being written which letters there are (`letters`).
    """

    def __init__(
        self, *, language: str, title: str, author: str, band: str, foot: str, at: datetime, fonts: Mapping[str, Path]
    ) -> None:
        super().__init__(format="A4")
        self._band, self._foot, self._embedded = band, foot, bool(fonts)
        self.letters = {*writable(f"{band}{foot} ·/")}
        self._family = _FONT if fonts else "Helvetica"
        self.core_fonts_encoding = "windows-1252"
        for style, path in fonts.items():
            self.add_font(*((MORE, "") if style == MORE else (_FONT, style)), path)
        self.set_fallback_fonts([MORE] if MORE in fonts else [], exact_match=False)
        self.set_lang(language)
        self.set_title(title)
        self.set_author(author)
        self.set_creation_date(at)
        self.set_creator("Parvis")
        self.set_margins(18, 18)
        self.set_auto_page_break(True, margin=20)
        self.alias_nb_pages()
        self.add_page()

    def header(self) -> None:
        """The band."""
        if not self._band:
            return
        self.set_font(self._family, "B", 12)
        self.set_fill_color(*_MINIUM)
        self.set_text_color(255, 255, 255)
        self.cell(0, 8, self.fine(self._band), fill=True, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        """What it is of, and the page."""
        self.set_y(-14)
        self.set_font(self._family, "", 8)
        self.set_text_color(*_GREY)
        self.cell(0, 6, self.fine(f"{self._foot}  ·  {self.page_no()} / {{nb}}"), align="C")

    def heading(self, words: str, *, first: bool = False) -> None:
        """A heading, in the outline of the document too."""
        if not first:
            self.ln(3)
        if self.get_y() > 255:
            self.add_page()
        self.start_section(self.fine(words), level=0 if first else 1, strict=False)
        self._text(words, 18 if first else 12.5, "B", _INK if first else _SLATE, 8 if first else 6.5)
        self.ln(1)

    def line_of(self, words: str, *, small: bool = False) -> None:
        """A paragraph."""
        self._text(words, 8.5 if small else 10, "", _GREY if small else _INK, 4.2 if small else 5)

    def pair(self, name: str, words: str) -> None:
        """A name, and what it is, as one line of text."""
        self.set_text_color(*_GREY)
        self.set_font(self._family, "", 10)
        self.write(5, self.fine(f"{name} "))
        self.set_text_color(*_INK)
        self.set_font(self._family, "B", 10)
        self.write(5, self.fine(words))
        self.ln(5.4)

    def rows(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose first row names the columns, repeated on every page."""
        self.set_font(self._family, "", 8.5)
        self.set_text_color(*_INK)
        self.set_draw_color(*_GREY)
        self.set_fill_color(255, 255, 255)
        self.set_line_width(0.2)
        with self.table(
            col_widths=tuple(widths), line_height=4.6, padding=1, borders_layout="HORIZONTAL_LINES"
        ) as table:
            for row in (heads, *rows):
                cells = table.row()
                for words in row:
                    cells.cell(self.fine(words))
        self.ln(1)

    def mono(self, words: str) -> None:
        """Digests."""
        self.set_font(self._family, "", 7)
        self.set_text_color(*_GREY)
        self.multi_cell(0, 3.6, self.fine(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def sketch(self, rings: Sequence[Ring]) -> None:
        """The outlines to scale, north on top; the length of a kilometre beside them."""
        if self.get_y() + _SKETCH_MM > 270:
            self.add_page()
        points = [point for ring in rings for point in ring]
        west, south = min(lon for lon, _lat in points), min(lat for _lon, lat in points)
        east, north = max(lon for lon, _lat in points), max(lat for _lon, lat in points)
        narrow = cos(radians((south + north) / 2)) or 1e-6
        wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
        scale = min(120 / wide, _SKETCH_MM / high)
        left, top = self.get_x(), self.get_y()
        self.set_draw_color(*_SLATE)
        self.set_fill_color(*_SOFT)
        self.set_line_width(0.5)
        for ring in rings:
            drawn = [(left + (lon - west) * narrow * scale, top + (north - lat) * scale) for lon, lat in ring]
            self.polygon(drawn, style="DF")
        self.set_y(top + high * scale + 2)
        self._kilometre(scale / 111.32)

    def _kilometre(self, long_mm: float) -> None:
        length, name = long_mm, "1 km"
        while length > 120:
            length, name = length / 10, {"1 km": "100 m", "100 m": "10 m"}.get(name, "1 m")
        y = self.get_y() + 1
        self.line(self.get_x(), y, self.get_x() + max(length, 0.2), y)
        self.set_y(y + 1)
        self.line_of(name, small=True)

    def _text(self, words: str, size: float, style: str, colour: tuple[int, int, int], height: float) -> None:
        self.set_font(self._family, style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, height, self.fine(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def fine(self, words: Any) -> str:
        """Words in letters that the document has; they are noted in `letters`."""
        text = writable(words)
        self.letters.update(text)
        return text if self._embedded else text.encode("cp1252", "replace").decode("cp1252")

    def bytes_of(self) -> bytes:
        """The finished document."""
        return bytes(self.output())

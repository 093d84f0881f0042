"""Palettes, type scale and spacing of the window; every pair of text and ground reaches a contrast of 4.5:1."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from neutromon.models.standing import Tier

READABLE = 4.5
VISIBLE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStyle:
    """How a tier looks: fill with the text on it, colour as text on a surface, glyph and mark; the word comes from `tier_word`."""

    fill: str
    on_fill: str
    text: str
    glyph: str
    mark: str
    outlined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Named colours of one appearance ("#rrggbb"); widgets use these names and never a colour of their own."""

    name: str
    window: str
    surface: str
    sunken: str
    raised: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    on_selection: str
    hover: str
    focus: str
    hold: str
    meets: str
    error: str
    error_ground: str
    warn_ground: str
    info_ground: str
    practice: str
    on_practice: str
    grades: tuple[str, str, str, str, str]
    line: str
    tiers: Mapping[Tier, TierStyle]

    @property
    def is_dark(self) -> bool:
        """Return whether light text stands on a dark ground."""
        return luminance(self.surface) < luminance(self.text)


LIGHT = Palette(
    name="light",
    window="#F3F5F8",
    surface="#FFFFFF",
    sunken="#EAEEF3",
    raised="#FFFFFF",
    border="#D6DCE5",
    border_strong="#798698",
    text="#16202D",
    text_muted="#465365",
    text_faint="#566374",
    accent="#1E5AA0",
    accent_hover="#174A86",
    on_accent="#FFFFFF",
    selection="#DCE9F8",
    on_selection="#10365F",
    hover="#EDF2F8",
    focus="#0B63CE",
    hold="#8A4300",
    meets="#35536F",
    error="#A3211A",
    error_ground="#FCEBEA",
    warn_ground="#FFF6D6",
    info_ground="#E4F3F6",
    practice="#5A2D82",
    on_practice="#FFFFFF",
    grades=("#8C97A6", "#8E86B5", "#75689F", "#574880", "#3A2A5E"),
    line="#2B3A4E",
    tiers={
        Tier.EMERGENCY: TierStyle(fill="#B3261E", on_fill="#FFFFFF", text="#B3261E", glyph="■", mark="!!!"),
        Tier.URGENT: TierStyle(fill="#F2C200", on_fill="#1A1400", text="#6B5200", glyph="◆", mark="!!"),
        Tier.ADVISORY: TierStyle(fill="#007286", on_fill="#FFFFFF", text="#006778", glyph="▽", mark="!"),
        Tier.DATA: TierStyle(fill="#FFFFFF", on_fill="#505459", text="#505459", glyph="○", mark="", outlined=True),
    },
)

DARK = Palette(
    name="dark",
    window="#12161C",
    surface="#1A2029",
    sunken="#141920",
    raised="#232B36",
    border="#323C4A",
    border_strong="#7F8DA0",
    text="#E9EEF4",
    text_muted="#B4BFCC",
    text_faint="#9CA9B8",
    accent="#78B6F6",
    accent_hover="#94C6FA",
    on_accent="#0A1B2E",
    selection="#22405F",
    on_selection="#DCECFC",
    hover="#222A35",
    focus="#8CC4FF",
    hold="#F2B36B",
    meets="#A9C4DE",
    error="#FF9A91",
    error_ground="#3A1D1D",
    warn_ground="#3A3010",
    info_ground="#123038",
    practice="#CBA6F0",
    on_practice="#241038",
    grades=("#8A96A6", "#9C94C4", "#B0A6D8", "#C6BDEA", "#E0DAFA"),
    line="#C9D4E1",
    tiers={
        Tier.EMERGENCY: TierStyle(fill="#CF3A31", on_fill="#FFFFFF", text="#FF9A91", glyph="■", mark="!!!"),
        Tier.URGENT: TierStyle(fill="#F2C200", on_fill="#1A1400", text="#F2CC3D", glyph="◆", mark="!!"),
        Tier.ADVISORY: TierStyle(fill="#4FC3D6", on_fill="#06242A", text="#62CDDE", glyph="▽", mark="!"),
        Tier.DATA: TierStyle(fill="#1A2029", on_fill="#B4BFCC", text="#B4BFCC", glyph="○", mark="", outlined=True),
    },
)

PALETTES: Mapping[str, Palette] = {"light": LIGHT, "dark": DARK}


class Size(StrEnum):
    """Steps of the type scale."""

    CAPTION = "caption"
    BODY = "body"
    SUBTITLE = "subtitle"
    TITLE = "title"
    DISPLAY = "display"


_PIXELS: Mapping[Size, float] = {Size.CAPTION: 12, Size.BODY: 13.5, Size.SUBTITLE: 15, Size.TITLE: 18.5, Size.DISPLAY: 27}


def pixels(size: Size, scale: float = 1.0) -> int:
    """Return the pixel height of a step at a text size of `scale` (1.0 is 100 %)."""
    return round(_PIXELS[size] * scale)


@dataclass(frozen=True, slots=True)
class Space:
    """Distances on a grid of four pixels."""

    hair: int = 2
    tight: int = 4
    small: int = 8
    medium: int = 12
    large: int = 16
    wide: int = 24
    huge: int = 40


SPACE = Space()
RADIUS = 6
CONTROL_HEIGHT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A palette at a text size; handed to every widget that paints for itself."""

    palette: Palette = LIGHT
    scale: float = 1.0

    def px(self, size: Size) -> int:
        """Return the pixel height of a step of the type scale."""
        return pixels(size, self.scale)

    def tier(self, tier: Tier) -> TierStyle:
        """Return how a tier looks."""
        return self.palette.tiers[tier]


def theme(name: str, scale: float = 1.0) -> Theme:
    """Return the theme by the name of its palette; an unknown name is the light one."""
    return Theme(palette=PALETTES.get(name, LIGHT), scale=scale)


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_pairs(palette: Palette) -> Iterator[tuple[str, str, str]]:
    """Yield (what, text colour, ground colour) for every text the window shows."""
    grounds = ("window", "surface", "sunken", "raised", "hover")
    inks = ("text", "text_muted", "text_faint", "hold", "meets", "error", "accent")
    for ink in inks:
        for ground in grounds:
            yield f"{ink} on {ground}", getattr(palette, ink), getattr(palette, ground)
    for ink in ("on_selection", "hold", "meets", "error", "text", "text_muted"):
        yield f"{ink} on selection", getattr(palette, ink), palette.selection
    for ground in ("error_ground", "warn_ground", "info_ground"):
        yield f"text on {ground}", palette.text, getattr(palette, ground)
    yield "error on error_ground", palette.error, palette.error_ground
    yield "on_accent", palette.on_accent, palette.accent
    yield "on_accent on hover", palette.on_accent, palette.accent_hover
    yield "on_practice", palette.on_practice, palette.practice
    for tier, style in palette.tiers.items():
        yield f"{tier.name} fill", style.on_fill, style.fill
        for ground in (*grounds, "selection"):
            yield f"{tier.name} text on {ground}", style.text, getattr(palette, ground)


def shape_pairs(palette: Palette) -> Iterator[tuple[str, str, str]]:
    """Yield (what, shape colour, ground colour) for outlines, focus rings and marks, which need 3:1."""
    for ground in ("window", "surface", "selection"):
        for ink in ("border_strong", "focus", "line"):
            yield f"{ink} on {ground}", getattr(palette, ink), getattr(palette, ground)
    for step, colour in enumerate(palette.grades):
        if step:
            yield f"grade {step} on surface", colour, palette.surface


def colour_names() -> tuple[str, ...]:
    """Return the names of a palette's plain colours."""
    return tuple(f.name for f in fields(Palette) if f.type is str and f.name != "name")

"""The colours: every text can be read and every shape be seen, in both palettes."""

import pytest

from neutromon.models.evaluation import Tier
from neutromon.ui.theme import DARK, LIGHT, READABLE, VISIBLE, Palette, Size, contrast, luminance, pixels, shape_pairs, text_pairs, theme


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_text_reaches_a_contrast_of_four_and_a_half(palette: Palette) -> None:
    low = {what: round(contrast(ink, ground), 2) for what, ink, ground in text_pairs(palette) if contrast(ink, ground) < READABLE}
    assert low == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_outline_focus_ring_and_mark_reaches_three(palette: Palette) -> None:
    low = {what: round(contrast(ink, ground), 2) for what, ink, ground in shape_pairs(palette) if contrast(ink, ground) < VISIBLE}
    assert low == {}


def test_that_black_on_white_is_21_and_a_colour_on_itself_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_tier_has_a_glyph_of_its_own_and_only_data_is_an_outline(palette: Palette) -> None:
    assert len({style.glyph for style in palette.tiers.values()}) == len(Tier)
    assert [tier for tier, style in palette.tiers.items() if style.outlined] == [Tier.DATA]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_grades_step_away_from_the_ground_one_by_one(palette: Palette) -> None:
    ground = luminance(palette.surface)
    distances = [abs(luminance(colour) - ground) for colour in palette.grades[1:]]
    assert distances == sorted(distances)


def test_that_the_text_size_scales_every_step() -> None:
    assert [pixels(size, 2.0) >= 2 * pixels(size) - 1 for size in Size] == [True] * len(Size)


def test_that_an_unknown_theme_is_the_light_one() -> None:
    assert theme("none of ours").palette is LIGHT

"""Date and time shorthand at its bounds, in several languages."""

from datetime import date, time, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from neutromon.ui.fields.date_field import distance_text, locale_words
from neutromon.ui.fields.days import DayWords, Lean, at_clock, read_day, read_time
from tests.builders import NOW

TODAY = date(2026, 3, 12)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("t", TODAY),
        ("T", TODAY),
        ("today", TODAY),
        ("t-1", date(2026, 3, 11)),
        ("t - 1", date(2026, 3, 11)),
        ("T+2", date(2026, 3, 14)),
        ("+3", date(2026, 3, 15)),
        ("-10", date(2026, 3, 2)),
        ("+3d", date(2026, 3, 15)),
        ("thu", TODAY),
        ("fri", date(2026, 3, 6)),
        ("Wednesday", date(2026, 3, 11)),
        ("2026-03-01", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("12 Mar", TODAY),
        ("12mar", TODAY),
        ("Mar 1", date(2026, 3, 1)),
        ("1 March 2025", date(2025, 3, 1)),
        ("1.3.", date(2026, 3, 1)),
        ("1.3.26", date(2026, 3, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        ("31 Dec", date(2025, 12, 31)),
        ("13 Mar", date(2026, 3, 13)),
        ("14 Mar", date(2025, 3, 14)),
        ("٠١/٠٣/٢٠٢٦", date(2026, 3, 1)),
    ],
)
def test_that_shorthand_for_a_sample_date_is_read(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("thu", TODAY), ("fri", date(2026, 3, 13)), ("wed", date(2026, 3, 18)), ("11 Mar", date(2027, 3, 11)), ("13.3.", date(2026, 3, 13))],
)
def test_that_a_plan_lies_ahead(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY, Lean.FUTURE) == meant


@pytest.mark.parametrize(("typed", "meant"), [("4.7.51", date(1951, 7, 4)), ("4.7.26", date(2026, 7, 4)), ("4.7.27", date(1927, 7, 4))])
def test_that_a_birth_date_lies_behind(typed: str, meant: date) -> None:
    assert read_day(typed, TODAY, Lean.BIRTH) == meant


@pytest.mark.parametrize(
    "typed", ["31 Feb", "29.2.2025", "13/13/2026", "0.1.2026", "soon", "t-99999", "2026-13-01", "12", "", "t t", "1.3.126"]
)
def test_that_what_is_no_date_gives_none(typed: str) -> None:
    assert read_day(typed, TODAY) is None


def test_that_a_birth_date_needs_its_year() -> None:
    assert read_day("4.7.", TODAY, Lean.BIRTH) is None


def test_that_a_leap_day_is_read_in_a_leap_year_only() -> None:
    assert read_day("29.2.2028", TODAY) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("de_DE", "12. März", TODAY),
        ("de_DE", "Mi", date(2026, 3, 11)),
        ("de_DE", "1 Mai 2025", date(2025, 5, 1)),
        ("tr_TR", "12 Mart", TODAY),
        ("tr_TR", "Pazartesi", date(2026, 3, 9)),
        ("fr_FR", "3 févr.", date(2026, 2, 3)),
        ("en_US", "3/1/2026", date(2026, 3, 1)),
        ("en_GB", "1/3/2026", date(2026, 3, 1)),
        ("en_US", "1.3.2026", date(2026, 3, 1)),
        ("ar_EG", "١٢ مارس", TODAY),
        ("de_DE", "12 Mar", TODAY),
    ],
)
def test_that_names_and_order_of_the_locale_are_understood_beside_the_english_ones(language: str, typed: str, meant: date) -> None:
    assert read_day(typed, TODAY, words=locale_words(QLocale(language))) == meant


def test_that_every_month_name_of_the_shipped_languages_is_read_back() -> None:
    for language in ("en_GB", "de_DE", "tr_TR"):
        locale = QLocale(language)
        words = locale_words(locale)
        for month in range(1, 13):
            for shape in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat):
                assert read_day(f"1 {locale.monthName(month, shape)} 2025", TODAY, words=words) == date(2025, month, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0840", time(8, 40)),
        ("840", time(8, 40)),
        ("8:40", time(8, 40)),
        ("8.40", time(8, 40)),
        ("8h40", time(8, 40)),
        ("8", time(8)),
        ("23", time(23)),
        ("0000", time(0)),
        ("2359", time(23, 59)),
        ("8 pm", time(20)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("٠٨٤٠", time(8, 40)),
        ("n", time(9)),
    ],
)
def test_that_times_are_read(typed: str, meant: time) -> None:
    assert read_time(typed, NOW) == meant


@pytest.mark.parametrize("typed", ["24", "2400", "0860", "8:5", "13 pm", "0 am", "later", "12345", ""])
def test_that_what_is_no_time_gives_none(typed: str) -> None:
    assert read_time(typed, NOW) is None


def test_that_a_time_keeps_the_zone_of_the_clock() -> None:
    zone = timezone(timedelta(hours=7))
    made = at_clock(TODAY, time(8, 40), NOW.astimezone(zone))
    assert made.isoformat() == "2026-03-12T08:40:00+07:00"


def test_that_the_distance_is_told_in_words() -> None:
    told = [distance_text(TODAY + timedelta(days=n), TODAY) for n in (-12, -1, 0, 1, 3)]
    assert told == ["12 days ago", "yesterday", "today", "tomorrow", "in 3 days"]


def test_that_own_words_may_be_given() -> None:
    assert read_day("heute-1", TODAY, words=DayWords(today=frozenset({"heute"}))) == date(2026, 3, 11)

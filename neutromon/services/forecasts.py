"""Forecast a patient: from her history and her regimen's prior to a record with intervals, or a refusal with its reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from neutromon.forecast.engine import Disagreement, Prediction, predict, study
from neutromon.forecast.kernel import Kernel
from neutromon.forecast.library import KERNEL
from neutromon.forecast.prior_file import read_priors
from neutromon.forecast.priors import PriorBook
from neutromon.forecast.summary import NadirSummary, Range
from neutromon.models.errors import UserError
from neutromon.models.forecast import (
    DateSpread,
    DayOneForecast,
    Forecast,
    ForecastDay,
    NadirForecast,
    Spread,
    WhatIf,
)
from neutromon.models.history import PatientHistory
from neutromon.rules import RuleBook
from neutromon.services.forecast_course import Framed, Refused, frame
from neutromon.services.forecast_document import forecast_document
from neutromon.services.patients import patient_by_mrn, patient_history
from neutromon.services.session import Session
from neutromon.services.track_record import remember_forecast, track_record
from neutromon.storage.files import resource_text

PRIORS = "priors/priors.toml"
MODEL_ID = "friberg-kpd"
DRAWS = 1000


@cache
def load_priors() -> PriorBook:
    """Return the priors as the program ships them; they are part of the program, never change while it runs, and are read once."""
    return read_priors(resource_text(PRIORS))


def forecast_history(
    history: PatientHistory,
    book: RuleBook,
    now: datetime,
    *,
    what_if: WhatIf | None = None,
    priors: PriorBook | None = None,
    kernel: Kernel = KERNEL,
) -> Forecast:
    """Return the forecast of a history at a moment; nothing later than the moment enters, and nothing is stored."""
    known = priors or load_priors()
    try:
        framed = frame(history, book, known, now, what_if)
    except Refused as refusal:
        return refused(now, refusal.code, refusal.reason, what_if)
    learnt = study(framed.course, kernel=kernel, draws=DRAWS)
    found = predict(learnt, framed.ask, framed.treatment, kernel=kernel)
    if isinstance(found, Disagreement):
        return refused(now, "inconsistent_counts", "the counts do not fit this regimen: check values, units, dates and G-CSF.", what_if)
    return _forecast(framed, found, known, now, what_if)


def forecast_patient(s: Session, patient_id: str, *, what_if: WhatIf | None = None, remember: bool = False) -> Forecast:
    """Return a patient's forecast with its track record; with `remember` it is stored as shown."""
    now = s.clock()
    if not s.protocol.forecast:
        return refused(now, "switched_off", "this clinic has switched the forecast off.", what_if)
    history = patient_history(s, patient_id)
    forecast = forecast_history(history, s.rules, now, what_if=what_if)
    return with_track_record(s, patient_id, history, forecast, remember=remember)


def with_track_record(s: Session, patient_id: str, history: PatientHistory, forecast: Forecast, *, remember: bool = False) -> Forecast:
    """Return a forecast that was made beside the window with what came of earlier ones; with `remember` it is stored as shown."""
    told = replace(forecast, track_record=track_record(s, patient_id, history))
    if remember and told.ok and told.what_if is None:
        remember_forecast(s, patient_id, told)
    return told


def forecast_file_document(text: str, now: datetime) -> dict[str, Any]:
    """Return the `neutromon-forecast/1` of a chart file."""
    from neutromon.interop.chart_file import read_chart
    from neutromon.services.rule_book import load_book

    return forecast_document(forecast_history(read_chart(text), load_book(), now))


def forecast_mrn_document(s: Session, mrn: str) -> dict[str, Any]:
    """Return the `neutromon-forecast/1` of a patient of the store."""
    patient = patient_by_mrn(s, mrn)
    if patient is None:
        raise UserError(f"No patient has the number {mrn}.", "Check the number, or look in neutromon worklist.")
    return forecast_document(forecast_patient(s, patient))


def refused(now: datetime, code: str, reason: str, what_if: WhatIf | None = None) -> Forecast:
    """Return a refusal with its code and one plain sentence."""
    return Forecast(now=now, status="refused", reason=code, reason_text=reason, what_if=what_if)


def _forecast(framed: Framed, found: Prediction, priors: PriorBook, now: datetime, what_if: WhatIf | None) -> Forecast:
    prior = framed.course.prior
    return Forecast(
        now=now,
        status="ok",
        model_id=MODEL_ID,
        model_version=priors.version,
        population=f"{prior.label}, {prior.population}, prior quality {prior.quality}",
        kernel=found.kernel,
        observations_used=len(framed.course.counts),
        cycles_used=framed.cycles_used,
        individual=_rounded(found.individual),
        trajectory=_trajectory(framed, found),
        samples=tuple(tuple(_figure(v) for v in sample) for sample in found.samples),
        nadir=None if prior.late_nadir else _nadir(framed, found.nadir),
        day1=DayOneForecast(
            at=framed.day1, threshold=framed.ask.threshold, probability_at_or_above=round(found.day1_measured, 4), kind="measured"
        ),
        recovery_at=_dates(framed, found.recovery_h) if found.recovered_share >= 0.5 else None,
        next_draw=framed.rows[found.next_draw_row].date() if found.next_draw_row is not None else None,
        warnings=(*_warnings(found, framed), *framed.assumed),
        what_if=what_if,
        next_nadir=_nadir(framed, found.next_nadir) if found.next_nadir else None,
        measured=tuple(Spread(median=_figure(row[2]), p5=_figure(row[1]), p95=_figure(row[3])) for row in found.measured),
    )


def _figure(value: float) -> float:
    """Return four significant digits: the same on every processor, and no false precision."""
    return float(f"{value:.4g}")


def _rounded(values: Mapping[str, float]) -> Mapping[str, float]:
    return {name: _figure(value) for name, value in values.items()}


def _trajectory(framed: Framed, found: Prediction) -> tuple[ForecastDay, ...]:
    names = ("p2_5", "p10", "p25", "median", "p75", "p90", "p97_5")
    rows = []
    for at, fan in zip(framed.rows, found.fan, strict=True):
        rows.append(ForecastDay(at=at, **{name: _figure(value) for name, value in zip(names, fan, strict=True)}))
    return tuple(rows)


def _nadir(framed: Framed, found: NadirSummary) -> NadirForecast:
    return NadirForecast(
        at=_dates(framed, found.time_h),
        value=_spread(found.value),
        probability_below_0_5=round(found.probability_below_0_5, 4),
        days_below_0_5=Spread(
            median=round(found.days_below_0_5.median, 1), p5=round(found.days_below_0_5.p5, 1), p95=round(found.days_below_0_5.p95, 1)
        ),
    )


def _spread(found: Range) -> Spread:
    return Spread(median=_figure(found.median), p5=_figure(found.p5), p95=_figure(found.p95))


def _dates(framed: Framed, found: Range) -> DateSpread:
    days = [(framed.moment(hours) + timedelta(seconds=1)).date() for hours in (found.median, found.p5, found.p95)]
    return DateSpread(median=days[0], p5=days[1], p95=days[2])


def _warnings(found: Prediction, framed: Framed) -> list[str]:
    """Return what a person should check before she trusts the forecast."""
    prior, conflicts = framed.course.prior, found.conflicts
    told = []
    if conflicts.newest_surprises:
        told.append("the newest count surprises: confirm value, unit and date, and ask for G-CSF and steroids")
    elif conflicts.far:
        told.append("counts and regimen disagree: check values, units, dates, G-CSF and steroids")
    if conflicts.growth_suspected:
        told.append("the counts look as if a growth factor was given that is not on record: check")
    if prior.late_nadir:
        told.append("late nadir: only the recovery is forecast")
    if prior.caveat:
        told.append(prior.caveat)
    if framed.course.treatment.growth:
        told.append("growth factor in the model; after it stops, expect a fall of about half within two days")
    return told

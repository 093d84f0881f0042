"""The data file of the priors, read into their records."""

import tomllib
from collections.abc import Mapping
from typing import Any

from neutromon.forecast.priors import GENERIC, GrowthModel, GrowthProduct, Part, Prior, PriorBook

GROWTH_NUMBERS = (
    "half",
    "k1",
    "gain_production",
    "gain_maturation",
    "sd_production",
    "sd_maturation",
    "spike",
    "sd_spike",
    "spike_mean_time_h",
)


class PriorError(Exception):
    """The priors file cannot be used; the text says why."""


def read_priors(text: str) -> PriorBook:
    """Return the priors of the data file's text; raise PriorError naming what is missing."""
    try:
        table = tomllib.loads(text)
        return _book(table)
    except tomllib.TOMLDecodeError as error:
        raise PriorError(f"priors: {error}") from None
    except KeyError as error:
        raise PriorError(f"priors: {error.args[0]} is missing") from None


def _book(table: Mapping[str, Any]) -> PriorBook:
    populations, common = table["population"], table["common"]
    rows = {row["id"]: row for row in table["prior"]}
    links = {row["id"]: row for row in table["regimen"]}
    book = PriorBook(
        version=table["version"],
        growth=_growth(table["growth_factor"]),
        priors={name: _prior(row, populations, common) for name, row in rows.items()},
        links=links,
        populations=populations,
        generic=_generic(table["generic"], populations["solid"], common),
        widening=common["widening"],
        sources=rows,
        abstain={row["id"]: row["reason"] for row in table.get("abstain", ())},
    )
    for link in links.values():
        named = [link, *link.get("parts", ()), *link.get("phases", ())]
        unknown = [row["prior"] for row in named if "prior" in row and row["prior"] not in book.priors]
        if unknown:
            raise PriorError(f"priors: {link['id']} names {unknown[0]}, which is not there")
    return book


def _prior(row: Mapping[str, Any], populations: Mapping[str, Any], common: Mapping[str, Any]) -> Prior:
    own = populations[row.get("population", "solid")]
    sd_circ0 = float(row.get("sd_circ0", own["sd_circ0"]))
    return Prior(
        id=row["id"],
        label=row["name"],
        population=own["name"],
        circ0=float(row.get("circ0", own["circ0"])),
        mtt_h=row["mtt_h"],
        gamma=float(row.get("gamma", common["gamma"])),
        parts=(Part(lk=row["lk"], t_e_h=row["t_e_h"]),),
        sd=(sd_circ0, common["sd_mtt"], common["sd_gamma"], common["sd_lk"], common["sd_t_e"]),
        sd_occasion=common["sd_occasion"],
        sigma=common["sigma"],
        sigma_affected=common["sigma_affected"],
        cycle_days=row["cycle_days"],
        sd_mtt_between=common["sd_mtt_between_studies"],
        days=tuple(row["days"]),
        share=row["share"],
        late_nadir=bool(row.get("late_nadir", False)),
        nadir_day=row.get("target_nadir_day"),
        quality=row["quality"],
        note=row["quality_text"],
    )


def _generic(row: Mapping[str, Any], own: Mapping[str, Any], common: Mapping[str, Any]) -> Prior:
    return Prior(
        id="generic",
        label=GENERIC,
        population=own["name"],
        circ0=own["circ0"],
        mtt_h=row["mtt_h"],
        gamma=common["gamma"],
        parts=(Part(lk=row["lk"], t_e_h=row["t_e_h"]),),
        sd=(own["sd_circ0"], row["sd_mtt"], common["sd_gamma"], row["sd_lk"], row["sd_t_e"]),
        sd_occasion=common["sd_occasion"],
        sigma=common["sigma"],
        sigma_affected=common["sigma_affected"],
        cycle_days=row["cycle_days"],
        quality="C",
        note="the regimen has no prior of its own",
        generic=True,
    )


def _growth(row: Mapping[str, Any]) -> GrowthModel:
    products = {name: row[name] for name in ("daily", "long_acting")}
    own = {
        name: GrowthProduct(units=p["units"], ka=p["ka"], k0=p["k0"], affected_h=(p["affected_h"][0], p["affected_h"][1]))
        for name, p in products.items()
    }
    values: dict[str, Any] = {name: float(row[name]) for name in GROWTH_NUMBERS}
    return GrowthModel(**(values | own))

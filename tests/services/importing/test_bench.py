"""The benchmark of the import measures what it says, on a small load."""

from neutromon.services.importing.bench import measurements


def test_that_each_figure_stands_beside_its_baseline():
    rate, clock, memory, watched = measurements(count=12, watched=6)
    assert rate["name"] == "12 HL7 files to stored, evaluated results"
    assert all(figure["value"] > 0 and figure["baseline"] > 0 and figure["ratio"] > 0 for figure in (rate, clock, memory, watched))
    assert memory["name"].startswith("memory at 25, 50, 75 and 100 % of the load: ")
    assert all({"unit", "goal"} <= set(figure) for figure in (rate, clock, memory, watched))

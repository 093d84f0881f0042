"""The patient page: banner, chart, tabs and context panel."""

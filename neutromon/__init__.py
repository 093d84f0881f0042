"""NeutroMon: neutrophil counts against chemotherapy cycles, with alerts, forecasts and reports, offline."""

__version__ = "0.1.0"

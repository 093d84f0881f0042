"""The screen painters of the charts; pyqtgraph is known here only."""

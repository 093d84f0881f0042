"""Charts as data, and the painter for paper; Qt-free."""

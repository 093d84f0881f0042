"""The trend chart as data, and its vector painter for paper."""

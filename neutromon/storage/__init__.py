"""The encrypted store: the only SQL, the only place that knows sqlite-utils and the cipher."""

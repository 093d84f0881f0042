"""Forms that record facts."""

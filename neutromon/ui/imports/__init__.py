"""Results in: files and pasted reports, what became of each, and the holding bay for what a person has to decide."""

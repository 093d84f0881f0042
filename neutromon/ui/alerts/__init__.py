"""The alert inbox and what is done with an alert."""

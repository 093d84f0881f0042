"""The worklists: the window's home."""

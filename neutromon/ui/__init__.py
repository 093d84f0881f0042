"""The window: PySide6 widgets that show what the services return and ask them to write."""

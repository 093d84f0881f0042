"""Small parts that every screen is made of: labels that show text as text, buttons, chips, badges, rows, dialogs."""

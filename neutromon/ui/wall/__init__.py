"""The wall view: who can go ahead, by initials, readable across the room."""

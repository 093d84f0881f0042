"""From the command to the first painted window: display, store, sign-in, one instance, crashes."""

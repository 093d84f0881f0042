"""Long work beside the window: one small pool, progress, cancel, results that are dropped where nobody waits any more."""

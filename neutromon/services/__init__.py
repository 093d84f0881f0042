"""Use cases: one small function per user action; each write is one transaction."""

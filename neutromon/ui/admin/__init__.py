"""Administration: people, backups, protocol, regimens, codes, the audit trail, and how the window looks."""

"""Repeat the rows of the worklist under other names, so that a list of any length can be measured within seconds."""

from neutromon.storage.store import Unit

COPY = """
WITH RECURSIVE numbered (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbered WHERE n < ?1),
  base AS (SELECT *, row_number() OVER (ORDER BY patient) - 1 AS place, count(*) OVER () AS size FROM worklist)
INSERT INTO worklist
SELECT 'copy-' || n, name || ' ' || n, 'copy' || n || ' ' || search, 'COPY' || n, birth, tier, (n % 97) / 10.0, count_at, next_day1,
  regimen, n % 28, tomorrow, today, nadir_window, overdue, alerts, check_at,
  json_set(body, '$.patient_id', 'copy-' || n, '$.name', json_extract(body, '$.name') || ' ' || n, '$.mrn', 'COPY' || n)
FROM numbered JOIN base ON place = n % size
"""


def add_copies(unit: Unit, copies: int) -> None:
    """Add copies of the rows that are there, in turn; they name no patient of the store."""
    unit.execute(COPY, (copies,))

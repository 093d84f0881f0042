"""The original bytes of what arrives: stored once, before anything is made of them, and found again by their digest."""

import hashlib
import json
import os
from collections.abc import Sequence

from neutromon.interop.wire import one_line
from neutromon.services.writing import Write


class Sources:
    """Keeps originals inside one write; which of a group are known already is asked once."""

    def __init__(self, write: Write, group: Sequence[bytes]) -> None:
        self._write = write
        self._digests = {data: hashlib.sha256(data).hexdigest() for data in group}
        self._known = write.session.store.messages_with(list(self._digests.values()))

    def keep(self, name: str, data: bytes, form: str) -> str:
        """Store the original bytes once and return the id under which they lie."""
        write, digest = self._write, self._digests[data]
        if digest in self._known:
            write.audit("message seen again", "", self._known[digest])
            return self._known[digest]
        message = self._known[digest] = write.session.ids()
        place = one_line(os.path.basename(name))[:200]
        report = json.dumps({"format": form})
        write.unit.add_message(message, digest, write.at, write.session.user, place, form, data, report)
        write.audit("message imported", "", message)
        return message

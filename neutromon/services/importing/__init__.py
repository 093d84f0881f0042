"""Take laboratory files in: nothing lost, nothing guessed, the same report again changes nothing."""

from neutromon.services.importing.document import import_document
from neutromon.services.importing.files import import_bytes, import_files

__all__ = ["import_bytes", "import_document", "import_files"]

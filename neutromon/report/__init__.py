"""One patient, a list or a cohort as document data, and the document as PDF; Qt-free."""

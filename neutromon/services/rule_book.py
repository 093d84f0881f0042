"""The rule book as the program ships it."""

from functools import cache

from neutromon.rules import RuleBook, load_rules
from neutromon.storage.files import rule_texts


@cache
def load_book() -> RuleBook:
    """Return the shipped rules and regimens; raise RuleError with file and line where one cannot be used.

    Read once a process: the shipped files cannot change while the program runs, and a book is never changed, only copied.
    """
    return load_rules(rule_texts())

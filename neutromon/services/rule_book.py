"""The rule book as the program ships it."""

from neutromon.rules import RuleBook, load_rules
from neutromon.storage.files import rule_texts


def load_book() -> RuleBook:
    """Return the shipped rules and regimens; raise RuleError with file and line where one cannot be used."""
    return load_rules(rule_texts())

"""The clinical rules: pure functions over histories and rule data; time is an argument, files arrive as text."""

from neutromon.rules.book import RuleBook, load_rules
from neutromon.rules.evaluate import evaluate
from neutromon.rules.reading import RuleError

__all__ = ["RuleBook", "RuleError", "evaluate", "load_rules"]

"""Administration from outside, by keyboard alone and then by mouse: a colleague, a signed protocol, a regimen, a backup and its restore."""

from __future__ import annotations

import sys
import time

from outside import Desk, Hand, Seen, _atspi, desk, find, in_own_session, look, missing

SCREEN = ":93"
MAIN, ENTRY = "NeutroMon", "NeutroMon"
FIRST, SECOND = "Testa Administrator", "Nona Second"
SECRET, OTHER = "four synthetic words here", "another four synthetic words"
MOST_TABS = 60
PANELS = ("Backup", "People", "Site protocol", "Regimens")
BUTTON, TAB, ITEM = "push button", "check box", "list item"


def focused() -> list[str]:
    """Return the names of what has the keyboard: a thing, and the item within it where it has some."""
    state, names = _atspi().StateType, []
    for seen in look():
        try:
            states = seen.node.get_state_set()
        except Exception:  # noqa: BLE001 - a node that went away has no keyboard
            continue
        if states.contains(state.FOCUSED) and seen.role not in {"frame", "application", "window"}:
            names.append(seen.name)
    return names


def chosen_panel() -> str:
    """Return which part of administration is chosen in its list."""
    selected = _atspi().StateType.SELECTED
    return next((seen.name for seen in look(ITEM) if seen.name in PANELS and seen.node.get_state_set().contains(selected)), "")


def walk_to(hand: Hand, words: str, key: str = "Tab") -> None:
    """Press Tab until something of this name has the keyboard; say what was passed where it never has."""
    passed: list[list[str]] = []
    for _ in range(MOST_TABS):
        now = focused()
        if any(words in name for name in now):
            return
        passed.append(now)
        hand.press(key)
    raise SystemExit(f"Never reached by {key}: {words}. Passed: {passed}")


class Keys:
    """Does everything by keyboard."""

    name = "keyboard"

    def __init__(self, at: Desk) -> None:
        self.hand = at.hand

    def panel(self, title: str) -> None:
        """Go to a panel of administration."""
        self.hand.press("ctrl+k")
        self.hand.type("Administration")
        self.hand.wait("the command Administration", lambda: find("Administration", ITEM) is not None)
        self.hand.press("Return")
        self.hand.wait_seen(title, ITEM)
        for _ in range(MOST_TABS):
            if chosen_panel() == title:
                return
            self.hand.press("Down" if PANELS.index(title) > PANELS.index(chosen_panel() or "Backup") else "Up")
        raise SystemExit(f"The list of panels never came to {title}; the keyboard is on {focused()}.")

    def press(self, words: str) -> None:
        """Press a button."""
        walk_to(self.hand, words)
        self.hand.press("space")

    def fill(self, words: str, text: str) -> None:
        """Fill a field."""
        walk_to(self.hand, words)
        self.hand.press("ctrl+a")
        self.hand.type(text)

    def save(self, _words: str) -> None:
        """Press the primary button of a dialog."""
        self.hand.press("ctrl+Return")

    def tick(self, words: str) -> None:
        """Tick a box."""
        self.press(words)

    def command(self, title: str) -> None:
        """Run a command of the palette."""
        self.hand.press("ctrl+k")
        self.hand.type(title)
        self.hand.wait(f"the command {title}", lambda: find(title, ITEM) is not None)
        self.hand.press("Return")

    def open_row(self, words: str) -> None:
        """Go from the search into its table, and open the chosen row."""
        self.hand.wait_seen(words, "table cell")
        self.hand.press("Return", "Return")


class Mouse(Keys):
    """Does everything by mouse, but for what is typed."""

    name = "mouse"

    def panel(self, title: str) -> None:
        """Click on the desk in the rail, then on the panel."""
        self.hand.click("Administration", TAB)
        self.hand.click(title, ITEM)

    def press(self, words: str) -> None:
        """Click on a button."""
        self.hand.click(words, BUTTON)

    def fill(self, words: str, text: str) -> None:
        """Click into a field, choose all of it, and type."""
        field = self._last(words)
        x, y = field.point()
        self.hand.clicks += 1
        self.hand.run("mousemove", str(x), str(y), "click", "--repeat", "3", "--delay", "60", "1")
        self.hand.type(text)

    def _last(self, words: str) -> Seen:
        """Return the field of this name in the dialog, which comes after the window below it."""
        self.hand.wait(f"the field {words}", lambda: any(seen.name == words for seen in _fields()))
        return [seen for seen in _fields() if seen.name == words][-1]

    def save(self, words: str) -> None:
        """Click on the primary button of the dialog, which comes after the window below it."""
        self.hand.wait_seen(words, BUTTON)
        x, y = [seen for seen in look(BUTTON) if seen.name == words][-1].point()
        self.hand.clicks += 1
        self.hand.run("mousemove", str(x), str(y), "click", "1")

    def tick(self, words: str) -> None:
        """Click on a box, at its beginning."""
        self.hand.click(words, TAB, across=0.05)

    def open_row(self, words: str) -> None:
        """Double-click on a row."""
        self.hand.wait_seen(words, "table cell")
        cell = find(words, "table cell")
        assert cell is not None
        x, y = cell.point()
        self.hand.clicks += 2
        self.hand.run("mousemove", str(x), str(y), "click", "--repeat", "2", "--delay", "60", "1")


def _fields() -> list[Seen]:
    return [seen for seen in look() if seen.role in {"text", "password text", "entry"}]


def first_start(at: Desk) -> None:
    """Make the store."""
    at.hand.wait_seen("Your name")
    for text, key in ((FIRST, "Tab"), (SECRET, "Tab"), (SECRET, "Return")):
        at.hand.type(text)
        at.hand.press(key)
    at.hand.wait_seen("I keep this key on paper", TAB)
    walk_to(at.hand, "I keep this key on paper")
    at.hand.press("space", "Tab", "space")
    at.hand.wait_seen("First steps")
    at.hand.wait_title("First steps")
    at.hand.press("Escape")
    at.hand.wait_title(MAIN)


def sign_in(at: Desk, user: str, secret: str) -> None:
    """Sign in, the name in any case, and close what greets her: the first steps, or the request for a passphrase of her own."""
    at.hand.wait_seen("Passphrase", "password text")
    walk_to(at.hand, "User")
    at.hand.press("ctrl+a")
    at.hand.type(user.upper())
    at.hand.press("Tab")
    at.hand.type(secret)
    at.hand.press("Return")
    at.hand.wait_title("First steps" if user == FIRST else "Change my passphrase")
    at.hand.press("Escape")
    at.hand.wait_title(MAIN)


def add_colleague(way: Keys, name: str) -> None:
    """Let a senior nurse in."""
    way.panel("People")
    way.press("Let a colleague in")
    way.hand.wait_title("Let a colleague in")
    way.fill("Name", name)
    walk_to(way.hand, "Nurse")  # what the box of roles holds: it is this that has the keyboard
    way.hand.press("Down")
    way.fill("First passphrase", OTHER)
    way.fill("Again", OTHER)
    way.save("Save")
    way.hand.wait_seen("can open the store now")


def propose(way: Keys, hours: str) -> None:
    """Propose another version of the protocol."""
    way.panel("Site protocol")
    way.press("Propose a new version")
    way.hand.wait_title("Propose a new version")
    way.fill("A count is valid for", hours)
    way.save("Propose")
    way.hand.wait_seen("It takes effect when a second person has signed it")


def sign(way: Keys) -> None:
    """Sign the newest version."""
    way.panel("Site protocol")
    way.press("Sign as the second person")
    way.hand.wait_title("Sign as the second person")
    way.hand.wait_seen("A count is valid for: 72 hours")
    way.fill("Your passphrase", OTHER)
    way.save("Sign")
    way.hand.wait_seen("is signed.")


def regimen(way: Keys) -> None:
    """Store a regimen of the clinic's own."""
    way.panel("Regimens")
    way.fill("Find a regimen", "R-CHOP-21")
    way.open_row("R-CHOP-21")
    way.hand.wait_title("New regimen from R-CHOP-21")
    way.fill("Cycle length", "28")
    way.save("Store")
    way.hand.wait_seen("is stored.")


def back_up_and_restore(way: Keys, at: Desk) -> None:
    """Back up, then restore that backup and sign in again."""
    way.panel("Backup")
    way.press("Back up now")
    way.hand.wait_seen("Backup made and verified")
    way.press("Restore a backup")
    way.hand.wait_title("Restore a backup")
    way.press("Verify and look into it")
    way.hand.wait_seen("The backup is whole")
    way.tick("Put this backup in the place of the present store")
    way.save("Restore")
    way.hand.wait_seen("The backup is restored")
    sign_in(at, FIRST, SECRET)


def everything(way: Keys, at: Desk) -> None:
    """Do all of it and print keystrokes, clicks and seconds of each task."""
    first_start(at)
    for title, task in (
        ("let a colleague in", lambda: add_colleague(way, SECOND)),
        ("propose a protocol", lambda: propose(way, "48")),
        ("sign it as another person", lambda: _signed(way, at)),
        ("store a regimen", lambda: regimen(way)),
        ("back up and restore", lambda: back_up_and_restore(way, at)),
    ):
        keys, clicks, begun = at.hand.keys, at.hand.clicks, time.monotonic()
        task()
        seconds = time.monotonic() - begun
        print(f"{way.name:9} {title:27} {at.hand.keys - keys:4} keys {at.hand.clicks - clicks:3} clicks {seconds:6.1f} s", flush=True)


def _signed(way: Keys, at: Desk) -> None:
    way.command("Sign in as somebody else")
    sign_in(at, SECOND, OTHER)
    sign(way)
    way.command("Sign in as somebody else")
    sign_in(at, FIRST, SECRET)


def main() -> int:
    """Do everything once by keyboard alone and once by mouse, each in a new clinic."""
    if missing():
        print(missing())
        return 1
    wanted = sys.argv[1:] or ["keyboard", "mouse"]
    for kind in (Keys, Mouse):
        if kind.name not in wanted:
            continue
        with desk(SCREEN) as at:
            at.program()
            try:
                everything(kind(at), at)
            except SystemExit:
                shown = at.home.parent / f"administration-{kind.name}.png"
                at.picture(shown)
                print(f"What the screen showed is in {shown}.", file=sys.stderr)
                print(*(path.read_text(encoding="utf-8") for path in at.home.rglob("*.log")), file=sys.stderr)
                raise
    return 0


if __name__ == "__main__":
    in_own_session()
    sys.exit(main())

"""Small laboratory messages for the tests of importing: every part can be changed, nobody in them is real."""

LINES = (
    "MSH|^~\\&|LAB|NORTH|NM|DAYUNIT|20260311081500||ORU^R01|{control}|{mode}|2.5",
    "PID|1||{number}^^^CLINIC||{family}^Testa||{born}|F",
    "OBR|1||F-{control}|58410-2^CBC^LN|||{taken}",
    "OBX|1|NM|6690-2^WBC^LN||{wbc}|{unit}|4.0-10.0||||{status}",
    "OBX|2|NM|777-3^PLT^LN||180|10*9/L|150-400||||F",
)
PARTS = {
    "number": "T-0001",
    "family": "Example",
    "born": "19600131",
    "wbc": "3.5",
    "unit": "10*9/L",
    "control": "M1",
    "mode": "P",
    "taken": "20260311080000",
    "status": "F",
}


def a_message(**changes: str) -> bytes:
    """Return one HL7 result message with CR ends."""
    return ("\r".join(LINES).format(**(PARTS | changes)) + "\r").encode()

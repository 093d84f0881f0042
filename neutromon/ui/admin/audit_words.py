"""The words of the audit trail: what each entry says, as a person would tell it."""

from neutromon.ui.patient.log_model import kind_words
from neutromon.ui.text import role_word, tr


def what_text(what: str) -> str:
    """Return what an entry says in words; what is new here keeps its stored words."""
    whole = _whole(what)
    if whole:
        return whole
    kind, _, done = what.partition(" ")
    if done.startswith("now ") and kind == "person":
        return tr("Person: role is now {role}", role=role_word(done.removeprefix("now ")))
    word = _done("moved" if done.startswith("moved from ") else done)
    return f"{_kind(kind)}: {word}" if word else what.replace("_", " ")[:1].upper() + what.replace("_", " ")[1:]


def _whole(what: str) -> str:
    """Return the words of an entry that is not about one record; "" for the others."""
    words = {
        "signed in": tr("Signed in"),
        "patient viewed": tr("Patient's page opened"),
        "patient exported": tr("Data of a patient written to a file"),
        "report printed": tr("Report written"),
        "backup made": tr("Backup made and verified"),
        "passphrase changed": tr("Own passphrase changed"),
        "recovery key renewed": tr("New recovery key made"),
        "opened with the recovery key": tr("Store opened with the recovery key"),
        "store restored from a backup": tr("Store restored from a backup"),
        "PIN set": tr("PIN set"),
        "PIN changed": tr("PIN changed"),
        "PIN removed": tr("PIN removed"),
        "PIN counts again": tr("PIN counts again"),
        "wrong PIN": tr("Wrong PIN"),
        "PIN off after 3 wrong tries": tr("PIN off after 3 wrong tries"),
        "hand-over signed by PIN": tr("Hand-over signed by PIN"),
        "hand-over signed by passphrase": tr("Hand-over signed by passphrase"),
        "held added": tr("Result came in and waits for a decision"),
        "held taken back": tr("Decision on a waiting result taken back"),
        "held resolved: confirm": tr("Waiting result: values decided"),
        "held resolved: assign": tr("Waiting result: assigned to a patient"),
        "held resolved: create": tr("Waiting result: patient created for it"),
        "held resolved: reject": tr("Waiting result: rejected"),
        "held resolved: imported": tr("Waiting result: stored by a later import"),
        "code_rule added": tr("What a laboratory's code means: decided"),
        "code_rule voided": tr("What a laboratory's code means: revoked"),
        "forecast shown": tr("Forecast shown"),
        "protocol proposed": tr("Site protocol: new version proposed"),
        "protocol signed": tr("Site protocol: signed by a second person"),
    }
    return words.get(what, "")


def _kind(kind: str) -> str:
    own = {
        "held": tr("Waiting result"),
        "code_rule": tr("Rule for a code"),
        "message": tr("Message"),
        "person": tr("Person"),
        "regimen": tr("Regimen"),
        "protocol": tr("Site protocol"),
        "trusted_sender": tr("Trusted sender"),
        "import_profile": tr("Import profile"),
    }
    return own.get(kind) or kind_words(kind)


def _done(done: str) -> str:
    words = {
        "added": tr("recorded"),
        "changed": tr("changed"),
        "corrected": tr("corrected"),
        "voided": tr("withdrawn"),
        "restored": tr("brought back"),
        "taken back": tr("taken back"),
        "moved": tr("moved from another patient"),
        "imported": tr("imported"),
        "imported again": tr("imported again"),
        "seen again": tr("arrived again"),
        "created by import": tr("created by an import"),
        "saved": tr("saved"),
        "saved again": tr("saved again"),
        "new version": tr("new version"),
        "raised": tr("raised"),
        "re_raised": tr("raised again"),
        "seen": tr("seen"),
        "acknowledged": tr("answered"),
        "snoozed": tr("paused"),
        "owner": tr("owner changed"),
        "cleared": tr("condition gone"),
        "retracted": tr("taken back: its result was corrected or withdrawn"),
        "withdrawn": tr("answer taken back"),
        "resolved": tr("resolved"),
        "superseded": tr("replaced by a newer one"),
        "evidence": tr("new evidence"),
    }
    return words.get(done, "")

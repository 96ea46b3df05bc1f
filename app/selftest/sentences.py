"""What each finding says, and what to do about it, for an administrator who is no technician. The edges translate them."""

from __future__ import annotations

from collections.abc import Callable

from app.selftest.judgements import Finding


def N_(text: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return text


LIGHTS: dict[str, str] = {"green": N_("good"), "amber": N_("fair"), "red": N_("BAD")}
CANCELLED = N_("The check was ended early; nothing of it is left.")

CHECKS: dict[str, str] = {
    "server": N_("The server"),
    "address": N_("The address in the room"),
    "database": N_("What is confirmed is kept"),
    "clock": N_("The clock"),
    "disk": N_("Room on the disk"),
    "keys": N_("The keys of sealed rounds"),
    "swap": N_("Memory that reaches the disk"),
    "backup": N_("Backup and restore"),
    "power": N_("Power"),
    "phones": N_("44 simulated phones"),
    "wifi": N_("The Wi-Fi, as a phone has it"),
    "projector": N_("The projector"),
}

# code -> (what is so, what to do; empty when there is nothing to do)
SENTENCES: dict[str, tuple[str, str]] = {
    "server_silent": (
        N_("No server answers at %(address)s."),
        N_("Start it with “make run”, and check again."),
    ),
    "server_other": (
        N_("Another program answers at %(address)s, not this server."),
        N_("End the other program, or choose another port with PALABRE_PORT, and start again."),
    ),
    "server_slow": (
        N_("The server answers, but takes %(ms)s ms."),
        N_("Close other programs on this computer and check again."),
    ),
    "server_well": (N_("The server answers in %(ms)s ms (Palabre %(version)s, %(engine)s)."), ""),
    "address_only_here": (
        N_("This computer is in no network: %(address)s opens on this computer alone."),
        N_("Join the room’s Wi-Fi or plug in its cable, then start the server again."),
    ),
    "address_silent": (
        N_("%(address)s does not answer."),
        N_(
            "Has this computer changed its network since the start? Start the server again. Else open its port in the firewall."
        ),
    ),
    "address_well": (N_("%(address)s answers from this computer."), ""),
    "database_damaged": (
        N_("The database is damaged."),
        N_(
            "Do not begin with it. Restore the newest backup (“make restore”), and keep the damaged folder for the maintainers."
        ),
    ),
    "database_unwritable": (
        N_("The disk takes nothing: what people write could not be kept."),
        N_("Make room on the disk, and see that the data folder belongs to the user who starts the server."),
    ),
    "database_very_slow": (
        N_("The disk needs %(ms)s ms to keep a write."),
        N_("Put the data folder on this computer’s own disk, not on a stick or a network drive."),
    ),
    "database_slow": (
        N_("The disk needs %(ms)s ms to keep a write: people wait a little for “kept”."),
        N_("Another disk would be better; nothing is lost on this one."),
    ),
    "database_well": (
        N_("The database (%(kind)s) is whole, and the disk keeps a write within %(ms)s ms."),
        "",
    ),
    "clock_wrong": (
        N_("This computer believes it is the year %(year)s."),
        N_("Set date and time, then start the server again: its battery may be empty."),
    ),
    "zone_unknown": (
        N_("This computer does not know the time zone “%(zone)s”."),
        N_("Times are shown as in Greenwich. Install the system’s time zones (tzdata)."),
    ),
    "clock_well": (
        N_("Date and time are plausible, and the time zone of the workshop (%(zone)s) is known."),
        "",
    ),
    "clocks_together": (N_("The clock of your browser and the server’s are %(s)s s apart."), ""),
    "clocks_apart": (
        N_("The clock of your browser and the server’s are %(min)s minutes apart."),
        N_(
            "Rounds are not disturbed: all devices follow the server. Look which of the two is wrong, and set it."
        ),
    ),
    "disk_full": (
        N_("Only %(mib)s MB are free."),
        N_("Delete what is not needed until at least 1000 MB are free."),
    ),
    "disk_little": (N_("%(mib)s MB are free."), N_("Enough for the day; make room when you can.")),
    "disk_well": (N_("%(mib)s MB are free."), ""),
    "keys_on_disk": (
        N_("The keys of sealed rounds lie on a disk, where they could be found later."),
        N_("Set PALABRE_VOLATILE to a folder in memory (on Linux /dev/shm), and start again."),
    ),
    "keys_well": (N_("The keys of sealed rounds lie in memory alone: a power cut takes them."), ""),
    "swap_on": (
        N_("This computer may write memory to its disk (swap): a key could stay there."),
        N_("For a sensitive workshop switch it off with “swapoff -a” as root, unless the disk is encrypted."),
    ),
    "swap_off": (N_("This computer writes no memory to its disk."), ""),
    "folder_gone": (
        N_("The folder for backups is not there: %(folder)s"),
        N_("Plug the stick in, or choose another folder on the page “Backups”."),
    ),
    "folder_unwritable": (
        N_("Nothing can be written to the folder for backups: %(folder)s"),
        N_("Look at the switch on the stick, or choose another folder on the page “Backups”."),
    ),
    "folder_full": (
        N_("Only %(mib)s MB are free in the folder for backups: %(folder)s"),
        N_("Delete something there, or take another stick."),
    ),
    "folder_on_same_disk": (
        N_("Backups lie on this computer’s own disk: they do not help when it is lost."),
        N_("Plug in a stick and choose it on the page “Backups”."),
    ),
    "folder_well": (N_("Backups go to another disk, with %(mib)s MB free: %(folder)s"), ""),
    "backup_failed": (
        N_("A backup could not be made and restored."),
        N_("Look at the room on the disk; then type “python -m app.commands backup” to read why."),
    ),
    "backup_differs": (
        N_("A backup was restored, and does not hold what the server has."),
        N_("Do not rely on backups; tell the maintainers."),
    ),
    "backup_later": (
        N_("A round is open, so no backup was tried: it would hold what lies sealed."),
        N_("Check again in a break."),
    ),
    "backup_read": (
        N_(
            "A backup of %(boards)s boards was made and read in %(s)s s. Restoring it into another PostgreSQL was not tried."
        ),
        "",
    ),
    "backup_slow": (
        N_("A backup of %(boards)s boards was made and restored in %(s)s s."),
        N_("That is slow: begin it at the start of a break."),
    ),
    "backup_well": (
        N_("A backup of %(boards)s boards was made and restored in %(s)s s, in a folder that is gone again."),
        "",
    ),
    "power_no_battery": (
        N_("No battery is seen: a power cut would stop the server."),
        N_(
            "Confirmed texts stay; votes of an open round would be cast again. A laptop or a UPS avoids that."
        ),
    ),
    "power_on_battery": (
        N_("This computer runs on its battery (%(percent)s%%)."),
        N_("Plug it in."),
    ),
    "power_well": (N_("This computer is plugged in, its battery at %(percent)s%%."), ""),
    "phones_failed": (
        N_("The rehearsal with simulated phones could not be held."),
        N_("Close other programs on this computer and check again; if it fails again, tell the maintainers."),
    ),
    "phones_outside": (
        N_("Only %(joined)s of %(phones)s simulated phones came in."),
        N_("This computer is too busy: close other programs and check again."),
    ),
    "phones_lost": (
        N_(
            "Of %(sent)s texts and votes %(lost)s were lost, %(doubled)s doubled and %(wrong)s not counted as cast."
        ),
        N_("Do not begin with this server; tell the maintainers."),
    ),
    "phones_slow": (
        N_(
            "%(phones)s simulated phones wrote and voted; nothing was lost or doubled, but 95 of 100 were confirmed "
            "only within %(confirm_ms)s ms and shown within %(show_ms)s ms."
        ),
        N_("Close other programs on this computer and check again."),
    ),
    "phones_well": (
        N_(
            "%(phones)s simulated phones wrote and voted; nothing was lost or doubled, 95 of 100 were confirmed "
            "within %(confirm_ms)s ms and shown everywhere within %(show_ms)s ms."
        ),
        "",
    ),
    "wifi_no_socket": (
        N_("The page opens, but this network blocks live connections (websockets)."),
        N_(
            "The board works by slower questions instead. Better: another access point, or the right to open websockets."
        ),
    ),
    "wifi_too_slow": (
        N_(
            "%(mbits)s Mbit/s: if %(phones)s phones open the board at once, the last one has it after %(s)s s."
        ),
        N_(
            "Let the tables open it one after the other, or use a better access point in the middle of the room."
        ),
    ),
    "wifi_slow": (
        N_(
            "%(mbits)s Mbit/s and %(trip_ms)s ms for a question: %(phones)s phones have the board within %(s)s s."
        ),
        N_("It works, slowly. Try from the corners of the room, and move the access point if you can."),
    ),
    "wifi_uneven": (
        N_("%(mbits)s Mbit/s, but answers come unevenly (%(jitter_ms)s ms apart)."),
        N_("Too many devices or too far away: try again nearer to the access point."),
    ),
    "wifi_well": (
        N_(
            "%(mbits)s Mbit/s, %(trip_ms)s ms for a question, live connections open: "
            "%(phones)s phones have the board within %(s)s s."
        ),
        "",
    ),
    "projector_small": (
        N_("The smallest text cannot be read from the back."),
        N_("Make the page larger in that browser (Ctrl and +), or bring the projector nearer."),
    ),
    "projector_pale": (
        N_("Only %(read)s of five numbers can be read: the picture is too pale."),
        N_(
            "Darken the room or the front of it, or use another projector; choose the light colours on the wall page."
        ),
    ),
    "projector_cut": (
        N_("The corners of the picture are not all to be seen."),
        N_("Press F11 for the whole screen, and set the projector so that nothing is cut."),
    ),
    "projector_light": (
        N_("%(read)s of five numbers can be read from the back."),
        N_("It will do for large words; a darker room would help."),
    ),
    "projector_coarse": (
        N_("The picture is only %(width)s points wide: little fits on it."),
        N_("Make the page smaller in that browser (Ctrl and -), or use a finer setting of the screen."),
    ),
    "projector_well": (
        N_("The test picture (%(width)s by %(height)s) can be read from the back, with all its corners."),
        "",
    ),
}


def said(
    finding: Finding, translated: Callable[[str], str], written: Callable[[float], str] = str
) -> dict[str, str]:
    """A finding in words. Shape: {check, light, title, text, todo}; `translated` gives a sentence in the reader's language,
    `written` a figure.
    """
    text, todo = SENTENCES[finding.code]
    data = {name: written(x) if isinstance(x, int | float) else x for name, x in finding.data.items()}
    return {
        "check": finding.check,
        "light": finding.light,
        "title": translated(CHECKS[finding.check]),
        "text": translated(text) % data,
        "todo": translated(todo) % data if todo else "",
    }

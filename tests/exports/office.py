"""Opens spreadsheets in a French LibreOffice and prints what each cell holds, as JSON. One start for all files.

Run by Debian's Python, which has the bridge (`tools/libreoffice.py`), so: standard library and uno, nothing of ours.
`office.py SOFFICE FOLDER FILE:KIND...`; a kind is xlsx, excel (semicolons, French figures) or plain (commas, English figures).
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

# com.sun.star.sheet.CellFlags
FORMULAS = 16
FRENCH, ENGLISH, UTF_8 = 1036, 1033, 76
# As the dialog "Text import" sets them: separator, quotation mark, code page, first line, columns, language, "format quoted
# field as text", "detect special numbers".
FILTERS = {
    "excel": f"59,34,{UTF_8},1,,{FRENCH},true,true",
    "plain": f"44,34,{UTF_8},1,,{ENGLISH},true,true",
}
PATIENCE_S = 120
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def main(soffice, folder, files):
    profile = Path(folder) / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS)
    pipe = f"palabre{Path(folder).name}".replace("-", "").replace("_", "")
    options = [
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        f"-env:UserInstallation={profile.as_uri()}",
    ]
    office = subprocess.Popen([soffice, *options, f"--accept=pipe,name={pipe};urp;"], start_new_session=True)
    try:
        context = connected(pipe, office)
        desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        found = {
            "locale": setting(context, "/org.openoffice.Setup/L10N", "ooSetupSystemLocale"),
            "version": setting(context, "/org.openoffice.Setup/Product", "ooSetupVersion"),
        }
        for named in files:
            path, kind = named.rsplit(":", 1)
            found[named] = cells(desktop, Path(path), kind)
        print(json.dumps(found))
    finally:
        end(office)


def end(office):
    """soffice is a script that starts the program itself: both, and nothing else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(office.pid, number)
            office.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def connected(pipe, office):
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until or office.poll() not in (None, 81):
                raise
            time.sleep(0.2)


def given(name, value):
    """An argument as the bridge wants one."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def setting(context, path, name):
    """One value of LibreOffice's own settings, as it runs."""
    provider = context.ServiceManager.createInstance("com.sun.star.configuration.ConfigurationProvider")
    where = given("nodepath", path)
    node = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))
    return node.getByName(name)


def cells(desktop, path, kind):
    """Sheet -> rows of [type, text as shown, value or formula]."""
    options = [given("Hidden", True)]
    if kind in FILTERS:
        options.append(given("FilterName", "Text - txt - csv (StarCalc)"))
        options.append(given("FilterOptions", FILTERS[kind]))
    document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, tuple(options))
    try:
        return {sheet.Name: rows(sheet) for sheet in document.Sheets}
    finally:
        document.close(True)


def rows(sheet):
    """Row by row. Shape: a cell is [type, text as shown, value or formula]; each question costs a journey, so few are asked."""
    cursor = sheet.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    runs = {
        (row, column)
        for found in sheet.queryContentCells(FORMULAS).RangeAddresses
        for row in range(found.StartRow, found.EndRow + 1)
        for column in range(found.StartColumn, found.EndColumn + 1)
    }
    area = cursor.RangeAddress
    whole = sheet.getCellRangeByPosition(0, 0, area.EndColumn, area.EndRow)
    return [
        [cell(sheet, row, column, value, (row, column) in runs) for column, value in enumerate(line)]
        for row, line in enumerate(whole.getDataArray())
    ]


def cell(sheet, row, column, value, is_formula):
    if not is_formula and isinstance(value, str):
        return ["text" if value else "empty", value, value]
    one = sheet.getCellByPosition(column, row)
    return ["formula", one.String, one.Formula] if is_formula else ["number", one.String, value]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

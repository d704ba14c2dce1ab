"""What Windows shows of a program under Properties, Details: name, version, description, as PyInstaller reads it."""

from pathlib import Path

_TEXT = """VSVersionInfo(
  ffi=FixedFileInfo(filevers=({numbers}, 0), prodvers=({numbers}, 0), mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1,
    subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'On-Demand Sync'),
      StringStruct('FileDescription', 'On-Demand Sync{trial}'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'ondemand-sync'),
      StringStruct('LegalCopyright', 'Apache License 2.0'),
      StringStruct('OriginalFilename', 'ondemand-sync.exe'),
      StringStruct('ProductName', 'On-Demand Sync{trial}'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ])
"""


def write(path: Path, version: str, *, trial: bool) -> None:
    """Write it for a version of three numbers; a trial says so."""
    text = _TEXT.format(
        numbers=", ".join(version.split(".")),
        version=version + ("-TRIAL" if trial else ""),
        trial=" TRIAL" if trial else "",
    )
    path.write_text(text, encoding="utf-8", newline="\n")

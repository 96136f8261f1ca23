"""Names that try to be places, and what makes a name harmless."""

import re
from pathlib import Path

HOSTILE_PATHS = (
    *("..", ".", "...", "../x", "../../etc/passwd", "a/../../b", "/etc/passwd", "//etc/passwd"),
    *("./x", "a/b", "/", "\\", "a\\b", "..\\..\\windows\\system32", "C:\\windows", "C:/x", "c:"),
    *(
        "\\\\server\\share",
        "//server/share",
        "\\\\?\\C:\\x",
        "\\\\.\\pipe\\x",
        "file:///etc/passwd",
    ),
    *("http://127.0.0.1:9/x", "~", "~root/.ssh/id_rsa", "$HOME", "${PATH}", "%USERPROFILE%"),
    *("%2e%2e%2f", "%2e%2e/%2e%2e/", "..%2f..%2fetc%2fpasswd", "%252e%252e%252f", "%00", "%5c.."),
    *("..%c0%af..", "\uff0e\uff0e\uff0f", "\u2025/\u2025", "..\u2215..\u2215x", "a\u2044b"),
    *(
        "x\x00.csv",
        "\x00",
        "a\nb",
        "a\r\nSet-Cookie: x=1",
        "a\tb",
        "\x1b[31m",
        "a\x7fb",
        "a\u2028b",
    ),
    *("CON", "con.txt", "NUL", "AUX", "PRN", "COM1", "LPT9", "nul.tar.gz", "con ", "aux."),
    *("\u202egnp.exe", "\u200f\u202dx", "\ufeffx", "\u200b", "e\u0301" * 90, "\U0001f680"),
    *(
        "-rf",
        "--help",
        "-",
        "|id",
        ";id",
        "`id`",
        "$(id)",
        "&& id",
        "> x",
        "*",
        "?",
        "[a]",
        "{a,b}",
    ),
    *('"', "'", 'a"; filename="b', "a;b", "a=b", "a, b", "filename*=UTF-8''x", "<script>", " x "),
    *(
        ".htaccess",
        ".ssh",
        "x.",
        "x ",
        " ",
        "w" * 300,
        "名" * 120,
        "a/" * 200,
        "x:stream",
        "x::$DATA",
    ),
)

_BAD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"'<>|;`$%&{}~\u2028\u2029\u202a-\u202e\u200b]")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def is_harmless(name: str, folder: Path) -> bool:
    """Whether a file of this name lies in the folder and nowhere else, on every system."""
    place = (folder / name).resolve()
    return (
        place.parent == folder.resolve()
        and place.is_relative_to(folder.resolve())
        and len(name.encode()) <= 255
        and not re.search(
            r"[\x00-\x1f\x7f/\\:*?\"'<>|;`$%&{}~\u2028\u2029\u202a-\u202e\u200b]", name
        )
        and name[0] not in "-. "
        and name[-1] not in ". "
        and not _DEVICES.fullmatch(name)
    )


def is_one_header(value: str) -> bool:
    """Whether a header is one line of plain ASCII with one quoted name."""
    return value.isascii() and value.isprintable() and value.count('"') in (0, 2)

"""Families of hostile values, made from what is peculiar to each: no list of known attacks.

A value is a string, or octets that are no text. Families grow here, and nowhere else: every test that walks takes them all.
"""

import json
from collections.abc import Callable, Iterator
from itertools import product

type Value = str | bytes
type Family = Callable[[], Iterator[Value]]

_LONG = 70_000
_INJECTED = "X-Injecte: oui"


def as_octets(value: Value) -> bytes:
    """Return a value as it travels; a lone surrogate takes the three octets that UTF-8 forbids."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def nothing_printable() -> Iterator[Value]:
    """NUL, controls, noncharacters, at the start, inside and alone."""
    for character in ("\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\ufdd0", "\ufffe", "\U0010ffff"):
        yield from (character, f"a{character}b", f"1{character}")


def no_text() -> Iterator[Value]:
    """Octets that UTF-8 has no character for: surrogates, overlong forms, what is cut short, what lies beyond."""
    for character in range(0xD800, 0xE000, 0x3FF):
        yield chr(character)
    for character in b"/.\x00'<":
        yield from (
            bytes([0xC0 | character >> 6, 0x80 | character & 0x3F]),
            bytes([0xE0, 0x80, 0x80 | character & 0x3F]),
        )
    yield from (b"\xff", b"\xfe\xff", b"a\x80", "€".encode()[:2], "🙂".encode()[:3], b"\xf5\x80\x80\x80", b"\xe9t\xe9")
    yield from ("%00", "%FF", "%u0000", "%", "%zz", "%25%30%30", "a%ED%A0%80")


def lines() -> Iterator[Value]:
    """Ends of lines that would begin a header of their own, also by characters that lose their upper octet."""
    ends = ("\r\n", "\n", "\r", "\r\n\r\n", "\u0d0a", "\u560d\u560a", "\u2028", "%0d%0a", "\x0b", "\n ")
    for end in ends:
        yield from (f"a{end}{_INJECTED}", f"{end}Set-Cookie: a=b", f"a@exemple.fr{end}Bcc: b@exemple.fr")


def sql() -> Iterator[Value]:
    """What would end a string, a bracket or a statement of SQL, and go on with one of its own."""
    ends = ("'", '"', "')", "'))", "\\'", "1", "1)", "$$", "`", "]")
    goes_on = ("OR 1=1", "AND 1=CAST(1 AS text)", "UNION SELECT NULL", "; DELETE FROM articles_article", "ORDER BY 99")
    for end, more in product(ends, goes_on):
        yield f"{end} {more} --"
    yield from (
        "%",
        "_",
        "\\",
        "%%",
        "%s",
        "%(a)s",
        "?",
        ":1",
        "$1",
        "*",
        "a*",
        "NEAR(",
        "a AND",
        "^a",
        "a:*",
        "!",
        "&|",
    )
    yield from ("'||pg_sleep(0)||'", "'||randomblob(1)||'", "{}", "E'\\x00'", "/*", "*/", "-- ", "\x1a")


def templates() -> Iterator[Value]:
    """What a language of templates, formats or logs would work out."""
    for opens, closes in (
        ("{{", "}}"),
        ("{%", "%}"),
        ("{#", "#}"),
        ("${", "}"),
        ("#{", "}"),
        ("<%=", "%>"),
        ("{", "}"),
    ):
        for within in ("7*7", "settings.SECRET_KEY", "0.__class__", "request", "debug", ""):
            yield f"{opens}{within}{closes}"
    yield from (
        "%(message)s",
        "%n%s%d",
        "${jndi:x}",
        "{0[0]}",
        "{!r}",
        "{{",
        "%}",
        "{% endblock %}",
        "{% include 'admin' %}",
    )


def markup() -> Iterator[Value]:
    """What would end an attribute, an element, a script, a comment or a section of XML."""
    script = "<script>x</script>"
    for end in (
        "",
        '">',
        "'>",
        "</script>",
        "</textarea>",
        "</title>",
        "-->",
        "]]>",
        "\\u003c",
        "&lt;",
        "&#0;",
        "&#xD800;",
    ):
        yield f"{end}{script}"
    yield from (
        "<svg/onload=x>",
        "<a href=javascript:x>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>",
        "<?xml?>",
        "&a;",
        "<" * 500,
    )


def numbers() -> Iterator[Value]:
    """Whole numbers at and beyond what a column holds, and what only some readers take for a number."""
    for bits in (8, 15, 16, 31, 32, 53, 63, 64, 128):
        yield from (str(2**bits - 1), str(2**bits), str(-(2**bits) - 1))
    yield from (
        "0",
        "-0",
        "-1",
        "00",
        "01",
        "+1",
        " 1",
        "1 ",
        "1_0",
        "1e9",
        "1E400",
        "0x1",
        "0b1",
        "1.0",
        "1,0",
        "NaN",
        "inf",
    )
    yield from (
        "9" * 30,
        "9" * 5_000,
        "-" + "9" * 5_000,
        "١٢٣",
        "१",
        "²",
        "Ⅷ",
        "１",
        "𝟙",
        "1\u0301",
        "1,2",
        "1;2",
        "1-2",
    )


def dates() -> Iterator[Value]:
    """Days that no calendar has, or that one calendar has and a database has not."""
    for year, day in product(
        ("0", "0000", "0001", "1582", "9999", "10000", "99999", "-1"), ("01-01", "12-31", "02-30")
    ):
        yield f"{year}-{day}"
    yield from ("9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00", "2026-03-29T02:30", "2026-10-25T02:30")
    yield from (
        "31/12/9999 23:59",
        "01/01/0001",
        "24:00",
        "23:59:60",
        "now",
        "today",
        "infinity",
        "2026-W01-1",
        "1/1/1",
    )


def paths() -> Iterator[Value]:
    """What would lead out of a folder, once decoded, twice decoded, or on another system."""
    ups = ("../", "..\\", "..%2f", "%2e%2e/", "..%252f", "..;/", "....//", "..%c0%af", ".%00./", "\u2025/", "．．/")
    for up in ups:
        yield f"{up * 6}etc/passwd"
    yield from (
        "/etc/passwd",
        "file:///etc/passwd",
        "C:\\boot.ini",
        "\\\\hote\\part",
        "//hote/part",
        ".",
        "..",
        "~",
        "a/",
    )
    yield from ("CON", "a" * 300 + ".jpg", ".htaccess", "a.php\x00.jpg", "a;b|c`d`$(e)", "-rf", "../multitude.sqlite3")


def elsewhere() -> Iterator[Value]:
    """Addresses that look like this site's and lead to another one, or nowhere a browser should go."""
    for start in (
        "//",
        "///",
        "\\\\",
        "/\\",
        "\\/",
        "/%09/",
        "/\t/",
        "https:",
        "https:///",
        "http:\\\\",
        " //",
        "//@",
        "/.//",
    ):
        yield f"{start}pirate.exemple/"
    yield from (
        "javascript:x",
        "JaVaScRiPt:x",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
        "\x01javascript:x",
    )
    yield from (
        "http://testserver@pirate.exemple",
        "http://[::1",
        "http://a:99999",
        "https://ⓟ.exemple",
        "/admin/\r\nA: b",
    )


def nested() -> Iterator[Value]:
    """Ten thousand of what is read one inside the other."""
    deep = 10_000
    for opens, closes in (("[", "]"), ('{"a":', "}"), ("(", ")"), ("<b>", "</b>"), ("«", "»"), ('"', '"'), (">", "")):
        yield opens * deep + closes * deep
    yield from (
        "a[" * deep,
        "a__" * 2_000,
        "<" * deep,
        "&" * deep,
        "-" * deep,
        "a." * deep + "fr",
        "@" * deep,
        "www." * deep,
    )


def objects() -> Iterator[Value]:
    """What reads as JSON, and is not what one asks JSON for."""
    found = (
        None,
        True,
        0,
        -1,
        1e308,
        "",
        "\x00",
        [],
        {},
        [[]],
        [None],
        {"": ""},
        {"a": [1]},
        {"__proto__": 1},
        [2**70],
    )
    yield from (json.dumps(value) for value in found)
    yield from (
        '"\\ud800"',
        '"\\u0000"',
        "1e999",
        "-1e999",
        "NaN",
        "Infinity",
        "[1,]",
        "{",
        "\ufeff{}",
        '{"a":1,"a":2}',
        "9" * 5_000,
    )
    yield from ("gASVAAAAAAAAAC4=", "cposix\nsystem\n.", "!!python/object:os.system", "rO0ABQ==", 'O:8:"stdClass":0:{}')


def parameters() -> Iterator[Value]:
    """Parameters of a header as RFC 2231 has them: continued, encoded, both at once, and in quotes that another one ends."""
    of_two_kinds = (
        "{0}*1*=a; {0}*=b'c",
        "{0}*=b'c; {0}*1=a",
        "{0}*0=a; {0}*=''b; {0}=c",
        "{0}*0*=a''b; {0}*2=c; {0}*02=d",
    )
    of_no_charset = (
        "{0}*=pirate''a",
        "{0}*=undefined''%41",
        "{0}*=''%FF",
        "{0}*=idna''xn--a",
        "{0}*='",
        "{0}*0*=a\0''b",
    )
    out_of_quotes = ('charset="; {0}*1*=a; {0}*=b\'c; a="', 'a="\\"; charset="; {0}*=pirate\'\'b; c="')
    of_no_number = (f"{{0}}*{'9' * 5_000}=a", "{0}*-1=a", "{0}**=a", "{0}*1*1*=a", "{0}*=a; " * 40)
    for name, form in product(
        ("name", "filename", "q"), (*of_two_kinds, *of_no_charset, *out_of_quotes, *of_no_number)
    ):
        yield f"text/html; {form.format(name)}"


def strange_letters() -> Iterator[Value]:
    """Characters that reorder, join, pile up or grow when they are normalised or folded."""
    many = 5_000
    for (
        character
    ) in "\u202e\u2066\u200d\u200b\u0301\ufe0f\u3164\ufdfaİßŉᾳﬃ\u1e9e\u0345\U000e0041\u00ad\u0f7f\U0001f468":
        yield from (character, f"a{character}b", "a" + character * many)
    yield from (
        "👩‍👩‍👧‍👦" * 500,
        "e\u0301" * 2_000,
        "\u1100\u1161" * 2_000,
        "Ⅷ" * 100,
        "ａｄｍｉｎ",
        "аdmin",
        "\u2126",
        "ﷺ" * 50,
    )


def long() -> Iterator[Value]:
    """Far more than anybody types, of letters, blanks, and what is looked at more than once."""
    for piece in ("a", " ", "é", "\n", "1", "-", "'", '"', "a ", "a-", "l'", "http://", "a@", ". ", "\t ", "\u202f"):
        yield piece * (_LONG // len(piece))
    yield ""


FAMILIES: dict[str, Family] = {
    family.__name__: family
    for family in (
        nothing_printable,
        no_text,
        lines,
        sql,
        templates,
        markup,
        numbers,
        dates,
        paths,
        elsewhere,
        nested,
        objects,
        parameters,
        strange_letters,
        long,
    )
}


def every() -> list[Value]:
    """Return all values of all families."""
    return [value for family in FAMILIES.values() for value in family()]

"""Prints what the codecs of this machine decode each byte to, for `cargo xtask codecs`.

One line a table: its name, a tab, and 256 code points in hexadecimal, FFFF where the byte means nothing. The planes of
CNS 11643 follow, up to 8836 code points each. Sources: Python's codecs, glibc's iconv, and for Mac Hebrew Perl's Encode.
Exit status 3: a source is missing, and is named on the standard error.
"""

import subprocess
import sys

UNDEFINED = "\uFFFF"

# Name of the table here: name of Python's codec.
PYTHON = {
    "IBM437": "cp437", "CP720": "cp720", "CP737": "cp737", "IBM775": "cp775", "IBM850": "cp850", "IBM852": "cp852",
    "IBM855": "cp855", "IBM857": "cp857", "IBM858": "cp858", "IBM860": "cp860", "IBM861": "cp861", "IBM862": "cp862",
    "IBM863": "cp863", "IBM864": "cp864", "IBM865": "cp865", "IBM869": "cp869", "CP1125": "cp1125",
    "IBM037": "cp037", "IBM273": "cp273", "IBM424": "cp424", "IBM500": "cp500", "CP875": "cp875", "IBM1026": "cp1026",
    "IBM1140": "cp1140",
    "MAC_CE": "mac_latin2", "MAC_CROATIAN": "mac_croatian", "MAC_ROMANIAN": "mac_romanian",
    "MAC_TURKISH": "mac_turkish", "MAC_GREEK": "mac_greek", "MAC_ICELANDIC": "mac_iceland",
    "MAC_ARABIC": "mac_arabic", "MAC_FARSI": "mac_farsi",
    "ISO_8859_1": "latin_1", "ISO_8859_9": "iso8859_9", "ISO_8859_11": "iso8859_11", "TIS_620": "tis_620",
    "KZ_1048": "kz1048", "PTCP154": "ptcp154", "KOI8_T": "koi8_t", "HP_ROMAN8": "hp_roman8",
}

# Name of the table here: name of glibc's converter.
ICONV = {
    "KOI8_RU": "KOI8-RU", "VISCII": "VISCII", "TCVN": "TCVN", "ARMSCII_8": "ARMSCII-8", "GEORGIAN_PS": "GEORGIAN-PS",
    "GEORGIAN_ACADEMY": "GEORGIAN-ACADEMY",
}

# The Vietnamese Professionals Society's character set, which no library at hand has: 0x00-0x1D where it is not ASCII,
# and 0x80-0xFF.
VPS_LOW = {
    0x02: "Ạ", 0x03: "Ậ", 0x04: "Ặ", 0x05: "Ẹ", 0x06: "Ệ", 0x10: "Ị", 0x11: "Ọ", 0x12: "Ộ", 0x13: "Ợ", 0x14: "Ụ",
    0x15: "Ự", 0x19: "Ỵ", 0x1C: "Ẫ", 0x1D: "Ữ",
}
VPS_HIGH = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲ" "Ế‘’ỀỂỄỐỒỔỖýỷỵỚỜỞ" "\u00A0ắằẳẵặỠớÙờởỡŨỨợỪ" "ổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹ" "ƯỦồốÔỏơÈừứÚũưÝẺß" "àáâãảạăçèéêẽìíîĩ" "ẴĐòóôõöƠụùúủüỶẼỳ"
)


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(3)


def one(text):
    """A byte's meaning as one character of the basic plane."""
    return text if len(text) == 1 and text < UNDEFINED and text != "\uFFFD" else UNDEFINED


def python(name):
    return [one(bytes([b]).decode(name, "replace")) for b in range(256)]


def iconv(name, units):
    """Decodes each unit by itself: a line feed behind each keeps the converter from composing with the next."""
    command = ["iconv", "-c", "-f", name, "-t", "UTF-8"]
    try:
        done = subprocess.run(command, input=b"".join(u + b"\n" for u in units), capture_output=True)
    except OSError:
        fail("no iconv")
    lines = done.stdout.decode().split("\n")
    if len(lines) != len(units) + 1:
        fail(f"iconv does not know {name}")
    return [one(line) for line in lines[:-1]]


def iconv_bytes(name):
    table = iconv(name, [bytes([b]) for b in range(256) if b != 0x0A])
    return table[:0x0A] + ["\n"] + table[0x0A:]


def mac_hebrew():
    """Apple's table as Perl has it; where it means a sequence with private hints, the character that Unicode has now."""
    code = 'binmode STDOUT, ":utf8"; print map { decode("MacHebrew", chr $_) . "\\0" } 0x80 .. 0xFF'
    try:
        done = subprocess.run(["perl", "-MEncode", "-e", code], capture_output=True)
    except OSError:
        fail("no perl")
    table = done.stdout.decode().split("\0")
    if len(table) != 129:
        fail("Perl does not know MacHebrew")
    table = [chr(b) for b in range(128)] + [UNDEFINED if "\uE000" <= max(t) <= "\uF8FF" or len(t) != 1 else t for t in table[:-1]]
    table[0x81] = "\uFB1F"  # double yod with patah
    table[0xDE] = "\u05C7"  # qamats qatan
    return table


def row(name, table):
    print(name, " ".join(f"{ord(c):04X}" for c in table), sep="\t")


def main():
    for name, codec in PYTHON.items():
        row(name, python(codec))
    for name, converter in ICONV.items():
        row(name, iconv_bytes(converter))
    row("MAC_HEBREW", mac_hebrew())
    row("VPS", [VPS_LOW.get(b, chr(b)) for b in range(128)] + list(VPS_HIGH))
    grid = [bytes([a, b]) for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF)]
    row("CNS_1", iconv("EUC-TW", grid))
    # The converter reads beyond the end of its table behind the last of 7650 characters.
    row("CNS_2", iconv("EUC-TW", [b"\x8E\xA2" + pair for pair in grid[:7650]]) + [UNDEFINED] * (len(grid) - 7650))
    # As the standard of 1992 has it; later additions are beyond the basic plane for the most part.
    row("CNS_3", iconv("EUC-TW", [b"\x8E\xA3" + pair for pair in grid[:6148]]))


main()

//! The registry: one row a codec. A name is a label; it ends in `-strict` where the web takes the plain name for another
//! encoding, a superset.

use encoding_rs as web;

use super::iso2022::Variant;
use super::{Codec, Form, Kind, tables};

/// All codecs. [`Encoding`](crate::decode::Encoding) is an index of this; its constants are the first rows.
pub(crate) const CODECS: &[Codec] = &[
    row("utf-8", "u8 utf cp65001 utf-8-sig", Form::Ascii, Kind::Whatwg(web::UTF_8)),
    row("utf-16le", "utf-16-le u16", units(2, false), Kind::Whatwg(web::UTF_16LE)),
    row("utf-16be", "utf-16-be", units(2, true), Kind::Whatwg(web::UTF_16BE)),
    row("iso-2022-jp", "iso2022jp csiso2022jp", Form::Escapes, Kind::Whatwg(web::ISO_2022_JP)),
    row("koi8-r", "", Form::Ascii, Kind::Whatwg(web::KOI8_R)),
    row("koi8-u", "", Form::Ascii, Kind::Whatwg(web::KOI8_U)),
    row("windows-1252", "1252 8859 iso8859 iso-8859-1 latin latin-1", Form::Ascii, Kind::Whatwg(web::WINDOWS_1252)),
    row("utf-32le", "utf-32-le utf-32 u32 ucs-4le ucs-4", units(4, false), Kind::Utf32 { big_endian: false }),
    row("utf-32be", "utf-32-be ucs-4be", units(4, true), Kind::Utf32 { big_endian: true }),
    row("ibm037", "cp037 037 ebcdic-cp-us ebcdic-cp-ca csibm037", Form::Ebcdic, Kind::Single(tables::IBM037)),
    // What UTF-8 became in programs that took it for windows-1252 in places.
    row("utf-8-windows-1252", "utf-8-cp1252", Form::Ascii, Kind::Utf8Stray),
    row("cesu-8", "cscesu-8", Form::Ascii, Kind::Cesu8),
    row("utf-7", "u7 unicode-1-1-utf-7 csunicode11utf7", Form::Escapes, Kind::Utf7),
    // ISO 8859 and Windows.
    row("iso-8859-1-strict", "", Form::Ascii, Kind::Single(tables::ISO_8859_1)),
    row("iso-8859-2", "l2 latin-2", Form::Ascii, Kind::Whatwg(web::ISO_8859_2)),
    row("iso-8859-3", "l3 latin-3", Form::Ascii, Kind::Whatwg(web::ISO_8859_3)),
    row("iso-8859-4", "l4 latin-4", Form::Ascii, Kind::Whatwg(web::ISO_8859_4)),
    row("iso-8859-5", "cyrillic", Form::Ascii, Kind::Whatwg(web::ISO_8859_5)),
    row("iso-8859-6", "arabic", Form::Ascii, Kind::Whatwg(web::ISO_8859_6)),
    row("iso-8859-7", "greek greek8", Form::Ascii, Kind::Whatwg(web::ISO_8859_7)),
    row("iso-8859-8", "hebrew", Form::Ascii, Kind::Whatwg(web::ISO_8859_8)),
    row("iso-8859-8-i", "", Form::Ascii, Kind::Whatwg(web::ISO_8859_8_I)),
    row("iso-8859-9-strict", "", Form::Ascii, Kind::Single(tables::ISO_8859_9)),
    row("iso-8859-10", "iso-8859-10-1992 l6 latin-6", Form::Ascii, Kind::Whatwg(web::ISO_8859_10)),
    row("iso-8859-11-strict", "", Form::Ascii, Kind::Single(tables::ISO_8859_11)),
    row("iso-8859-13", "l7 latin-7", Form::Ascii, Kind::Whatwg(web::ISO_8859_13)),
    row("iso-8859-14", "iso-ir-199 iso-celtic l8 latin-8", Form::Ascii, Kind::Whatwg(web::ISO_8859_14)),
    row("iso-8859-15", "l9 latin-9", Form::Ascii, Kind::Whatwg(web::ISO_8859_15)),
    row("iso-8859-16", "iso-ir-226 l10 latin-10", Form::Ascii, Kind::Whatwg(web::ISO_8859_16)),
    row("windows-874", "cp874 874 ibm874 iso-8859-11 thai tis-620", Form::Ascii, Kind::Whatwg(web::WINDOWS_874)),
    row("windows-1250", "1250", Form::Ascii, Kind::Whatwg(web::WINDOWS_1250)),
    row("windows-1251", "1251", Form::Ascii, Kind::Whatwg(web::WINDOWS_1251)),
    row("windows-1253", "1253", Form::Ascii, Kind::Whatwg(web::WINDOWS_1253)),
    row("windows-1254", "1254 iso-8859-9 l5 latin-5", Form::Ascii, Kind::Whatwg(web::WINDOWS_1254)),
    row("windows-1255", "1255", Form::Ascii, Kind::Whatwg(web::WINDOWS_1255)),
    row("windows-1256", "1256", Form::Ascii, Kind::Whatwg(web::WINDOWS_1256)),
    row("windows-1257", "1257", Form::Ascii, Kind::Whatwg(web::WINDOWS_1257)),
    row("windows-1258", "1258", Form::Ascii, Kind::Whatwg(web::WINDOWS_1258)),
    row("tis-620-strict", "", Form::Ascii, Kind::Single(tables::TIS_620)),
    row("x-user-defined", "", Form::Ascii, Kind::Whatwg(web::X_USER_DEFINED)),
    // DOS. The name is IANA's where it has one.
    row("ibm437", "cp437 437 cspc8codepage437", Form::Ascii, Kind::Single(tables::IBM437)),
    row("cp720", "720 ibm720 dos-720", Form::Ascii, Kind::Single(tables::CP720)),
    row("cp737", "737 ibm737", Form::Ascii, Kind::Single(tables::CP737)),
    row("ibm775", "cp775 775 cspc775baltic", Form::Ascii, Kind::Single(tables::IBM775)),
    row("ibm850", "cp850 850 cspc850multilingual", Form::Ascii, Kind::Single(tables::IBM850)),
    row("ibm852", "cp852 852 cspcp852", Form::Ascii, Kind::Single(tables::IBM852)),
    row("ibm855", "cp855 855 csibm855", Form::Ascii, Kind::Single(tables::IBM855)),
    row("ibm857", "cp857 857 csibm857", Form::Ascii, Kind::Single(tables::IBM857)),
    row("ibm00858", "cp858 858 ccsid00858 pc-multilingual-850+euro", Form::Ascii, Kind::Single(tables::IBM858)),
    row("ibm860", "cp860 860 csibm860", Form::Ascii, Kind::Single(tables::IBM860)),
    row("ibm861", "cp861 861 cp-is csibm861", Form::Ascii, Kind::Single(tables::IBM861)),
    row("ibm862", "cp862 862 cspc862latinhebrew dos-862", Form::Ascii, Kind::Single(tables::IBM862)),
    row("ibm863", "cp863 863 csibm863", Form::Ascii, Kind::Single(tables::IBM863)),
    // Its percent sign is the Arabic one.
    row("ibm864", "cp864 864 csibm864", Form::Ascii, Kind::Single(tables::IBM864)),
    row("ibm865", "cp865 865 csibm865", Form::Ascii, Kind::Single(tables::IBM865)),
    row("ibm866", "cp866 866", Form::Ascii, Kind::Whatwg(web::IBM866)),
    row("ibm869", "cp869 869 cp-gr csibm869", Form::Ascii, Kind::Single(tables::IBM869)),
    row("cp1125", "1125 ibm1125 cp866u ruscii", Form::Ascii, Kind::Single(tables::CP1125)),
    // Macintosh. WHATWG's x-mac-cyrillic is the Ukrainian one, a superset of the Russian.
    row("macintosh", "mac-roman", Form::Ascii, Kind::Whatwg(web::MACINTOSH)),
    row("x-mac-ce", "mac-ce mac-latin-2 mac-centeuro mac-central-europe", Form::Ascii, Kind::Single(tables::MAC_CE)),
    row("x-mac-croatian", "mac-croatian", Form::Ascii, Kind::Single(tables::MAC_CROATIAN)),
    row("x-mac-romanian", "mac-romanian", Form::Ascii, Kind::Single(tables::MAC_ROMANIAN)),
    row("x-mac-turkish", "mac-turkish", Form::Ascii, Kind::Single(tables::MAC_TURKISH)),
    row("x-mac-greek", "mac-greek", Form::Ascii, Kind::Single(tables::MAC_GREEK)),
    row("x-mac-cyrillic", "mac-cyrillic mac-ukrainian mac-uk", Form::Ascii, Kind::Whatwg(web::X_MAC_CYRILLIC)),
    row("x-mac-icelandic", "mac-icelandic mac-iceland mac-is", Form::Ascii, Kind::Single(tables::MAC_ICELANDIC)),
    row("x-mac-arabic", "mac-arabic", Form::Ascii, Kind::Single(tables::MAC_ARABIC)),
    row("x-mac-farsi", "mac-farsi", Form::Ascii, Kind::Single(tables::MAC_FARSI)),
    row("x-mac-hebrew", "mac-hebrew", Form::Ascii, Kind::Single(tables::MAC_HEBREW)),
    // EBCDIC.
    row("ibm273", "cp273 273 csibm273", Form::Ebcdic, Kind::Single(tables::IBM273)),
    row("ibm424", "cp424 424 ebcdic-cp-he csibm424", Form::Ebcdic, Kind::Single(tables::IBM424)),
    row("ibm500", "cp500 500 ebcdic-cp-be ebcdic-cp-ch csibm500", Form::Ebcdic, Kind::Single(tables::IBM500)),
    row("cp875", "875 ibm875", Form::Ebcdic, Kind::Single(tables::CP875)),
    row("ibm1026", "cp1026 1026 csibm1026", Form::Ebcdic, Kind::Single(tables::IBM1026)),
    row("ibm01140", "cp1140 1140 ccsid01140 ebcdic-us-37+euro", Form::Ebcdic, Kind::Single(tables::IBM1140)),
    // Other alphabets.
    row("kz-1048", "rk1048 strk1048-2002 cskz1048", Form::Ascii, Kind::Single(tables::KZ_1048)),
    row("ptcp154", "pt154 cp154 cyrillic-asian csptcp154", Form::Ascii, Kind::Single(tables::PTCP154)),
    row("koi8-t", "", Form::Ascii, Kind::Single(tables::KOI8_T)),
    row("koi8-ru-strict", "", Form::Ascii, Kind::Single(tables::KOI8_RU)),
    row("hp-roman8", "roman8 r8 cshproman8 cp1051 ibm1051", Form::Ascii, Kind::Single(tables::HP_ROMAN8)),
    row("armscii-8", "", Form::Ascii, Kind::Single(tables::ARMSCII_8)),
    row("georgian-ps", "", Form::Ascii, Kind::Single(tables::GEORGIAN_PS)),
    row("georgian-academy", "", Form::Ascii, Kind::Single(tables::GEORGIAN_ACADEMY)),
    // Vietnamese: capitals in the place of some control characters, none of them a line end.
    row("viscii", "csviscii viscii1.1-1", Form::Ascii, Kind::Single(tables::VISCII)),
    row("tcvn5712-1", "tcvn tcvn-5712 tcvn5712-1-1993 x-viet-tcvn5712", Form::Ascii, Kind::Composing(tables::TCVN)),
    row("x-viet-vps", "vps", Form::Ascii, Kind::Single(tables::VPS)),
    // Chinese, Japanese, Korean.
    row("gbk", "936 cp936 ms936 gb2312 euc-cn euc-gb2312-cn", Form::Ascii, Kind::Whatwg(web::GBK)),
    row("gb18030", "gb18030-2000", Form::Ascii, Kind::Whatwg(web::GB18030)),
    row("big5", "950 cp950 ms950 big5-tw big5-hkscs hkscs", Form::Ascii, Kind::Whatwg(web::BIG5)),
    row("euc-jp", "ujis u-jis", Form::Ascii, Kind::Whatwg(web::EUC_JP)),
    row("shift_jis", "932 cp932 ms932 s-jis mskanji", Form::Ascii, Kind::Whatwg(web::SHIFT_JIS)),
    row("euc-kr", "949 cp949 ms949 uhc ks-x-1001", Form::Ascii, Kind::Whatwg(web::EUC_KR)),
    row("johab", "cp1361 ms1361 1361", Form::Ascii, Kind::Johab),
    row("euc-tw", "cns11643", Form::Ascii, Kind::EucTw),
    row("hz-gb-2312", "hz hz-gb", Form::Escapes, Kind::Hz),
    row("iso-2022-jp-2", "iso-2022-jp-1 iso-2022-jp-ext", Form::Escapes, Kind::Iso2022(Variant::Jp)),
    row("iso-2022-kr", "csiso2022kr", Form::Escapes, Kind::Iso2022(Variant::Kr)),
    row("iso-2022-cn", "csiso2022cn iso-2022-cn-ext", Form::Escapes, Kind::Iso2022(Variant::Cn)),
];

const fn row(name: &'static str, aliases: &'static str, form: Form, kind: Kind) -> Codec {
    Codec { name, aliases, form, kind }
}

const fn units(width: usize, big_endian: bool) -> Form {
    Form::Units { width, big_endian }
}

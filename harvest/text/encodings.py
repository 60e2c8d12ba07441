"""Names of encodings as browsers read them (https://encoding.spec.whatwg.org, labels; Python codec names)."""

from __future__ import annotations

import codecs

# The encoding each label stands for in a browser, where Python's own reading of the label differs. Latin-1 labels
# mean windows-1252, because that is what the pages hold.
_BROWSER = {
    "cp1252": "ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 cp819 ibm819 "
    "iso-ir-100 csisolatin1 iso_8859-1:1987 windows-1252 x-cp1252 cp1252 ansi windows1252 win-1252 cp-1252 8859-1 "
    "iso-8859-1-windows-3.1-latin-1 "
    "iso-8559-1 iso-8859 iso8859 iso-8858-1 iso-8895-1 iso-88591 latin western x-ansi x-user-defined none "
    "iso-8859-1:1987",
    "cp1254": "iso-8859-9 iso8859-9 iso88599 iso_8859-9 latin5 l5 iso-ir-148 csisolatin5 iso_8859-9:1989 "
    "windows-1254 x-cp1254 cp1254",
    "cp874": "tis-620 iso-8859-11 iso8859-11 iso885911 dos-874 windows-874 cp874",
    "cp932": "shift_jis shift-jis sjis ms_kanji csshiftjis ms932 windows-31j x-sjis x-ms-cp932 cp932 windows-932",
    "gb18030": "gb2312 gb_2312-80 gb_2312 gbk x-gbk chinese csgb2312 csiso58gb231280 iso-ir-58 gb18030 cp936 gb-2312 "
    "gb2312-80 windows-936 euc-cn x-euc-cn",
    "cp949": "euc-kr euckr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 iso-ir-149 csksc56011987 "
    "windows-949 "
    "cp949 ms949 uhc ks_c_5601 x-windows-949",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5 big-5 big5-tw big5-eten cp950 windows-950",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese eucjp",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "iso8859-8": "iso-8859-8 iso-8859-8-i iso-8859-8-e logical visual hebrew csiso88598e csiso88598i",
    "koi8-r": "koi8-r koi8 koi koi8_r cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh mac x-mac-roman csmacintosh macroman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf_8 utf-8n unicode utf-16 "
    "utf-16le utf-16be "
    "utf16 utf utf-8;charset=utf-8 utf=8 iso-10646-ucs-2 ucs-2 u-tf8",
}
_NAMES = {label: codec for codec, labels in _BROWSER.items() for label in labels.split()}
_REFUSED = ("utf-7", "hz", "iso-2022-kr", "iso-2022-cn", "unicode_escape", "idna", "punycode", "raw_unicode_escape")


def codec_of(label: str) -> str:
    """The Python codec a browser would use for a label, '' where it would know none.

    A declaration found in the bytes that says UTF-16 means UTF-8 (it could be read as ASCII), as in browsers.

    >>> codec_of(" ISO-8859-1 "), codec_of("x-sjis"), codec_of("klingon")
    ('cp1252', 'cp932', '')
    """
    name = label.strip(" \t\r\n\f\"';").lower()
    if not name or len(name) > 60 or not name.isascii():
        return ""
    if name in _NAMES:
        return _NAMES[name]
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not info._is_text_encoding or info.name in _REFUSED:
        return ""
    return _NAMES.get(info.name, info.name)

"""Bytes to text: which evidence decides, and what is said about it."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.decode import declared_charset, decode
from harvest.text.encodings import codec_of

FRENCH = "Nous protégeons vos données à caractère privé, même déjà collectées. " * 8
RUSSIAN = "Мы собираем персональные данные только с вашего согласия и храним их недолго. " * 8
MIXED = "<p><b>Acme</b> Правила и условия</p>\n" * 8
JAPANESE = "当社はお客様の個人情報を適切に取り扱い、第三者に提供することはありません。" * 8
KOREAN = "회사는 이용자의 개인정보를 소중히 여기며 관련 법령을 준수하고 있습니다. " * 8
POLISH = "Twoje dane są chronione zgodnie z ustawą; możesz żądać ich usunięcia w każdej chwili. " * 8


@pytest.mark.parametrize(
    ("body", "headers", "encoding", "source"),
    [
        pytest.param(b"\xef\xbb\xbf" + FRENCH.encode(), {}, "utf-8", "bom", id="utf-8-bom"),
        pytest.param(FRENCH.encode("utf-16"), {}, "utf-16-le", "bom", id="utf-16-bom"),
        pytest.param(FRENCH.encode("utf-16-be"), {}, "utf-16-be", "detector", id="utf-16-without-bom"),
        pytest.param(MIXED.encode("utf-16-be"), {}, "utf-16-be", "detector", id="utf-16-of-two-scripts"),
        pytest.param(MIXED.encode("utf-16-le"), {}, "utf-16-le", "detector", id="utf-16-le-of-two-scripts"),
        pytest.param(b"<meta charset=utf-8>" + FRENCH.encode(), {}, "utf-8", "meta", id="meta"),
        pytest.param(
            b'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=ISO-8859-1">' + FRENCH.encode("latin-1"),
            {},
            "cp1252",
            "meta",
            id="meta-of-1998-means-windows-1252",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="windows-1251"?><html>' + RUSSIAN.encode("cp1251"),
            {},
            "cp1251",
            "xml",
            id="xml-prolog",
        ),
        pytest.param(
            RUSSIAN.encode("koi8-r"), {"Content-Type": "text/html; charset=koi8-r"}, "koi8-r", "header", id="header"
        ),
        pytest.param(
            b"<meta charset=koi8-r>" + RUSSIAN.encode("koi8-r"),
            {"content-type": "text/html; charset=iso-8859-1"},
            "koi8-r",
            "meta",
            id="the-page-before-the-header",
        ),
        pytest.param(RUSSIAN.encode("cp1251"), {}, "cp1251", "detector", id="detected-cyrillic"),
        pytest.param(JAPANESE.encode("cp932"), {}, "cp932", "detector", id="detected-shift-jis"),
        pytest.param(JAPANESE.encode("iso2022_jp"), {}, "iso2022_jp", "detector", id="detected-escapes"),
        pytest.param(KOREAN.encode("cp949"), {}, "cp949", "detector", id="detected-korean"),
        pytest.param(FRENCH.encode(), {}, "utf-8", "detector", id="undeclared-utf-8"),
        pytest.param(FRENCH.encode("cp1252"), {}, "cp1252", "detector", id="undeclared-latin-1"),
        pytest.param(b"We collect nothing.", {}, "utf-8", "default", id="ascii"),
    ],
)
def test_evidence_is_weighed_in_order(body, headers, encoding, source):
    """A byte order mark beats meta beats the XML prolog beats the header beats the detector."""
    decoded = decode(body, headers)

    assert (decoded.encoding, decoded.source) == (encoding, source)
    assert decoded.undecodable == 0


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        pytest.param(FRENCH, "utf-8", "iso-8859-1", id="utf-8-labelled-latin-1"),
        pytest.param(FRENCH, "cp1252", "utf-8", id="latin-1-labelled-utf-8"),
        pytest.param(RUSSIAN, "cp1251", "iso-8859-1", id="cyrillic-labelled-latin-1"),
        pytest.param(JAPANESE, "cp932", "iso-8859-1", id="shift-jis-labelled-latin-1"),
        pytest.param(JAPANESE, "euc_jp", "utf-8", id="euc-labelled-utf-8"),
    ],
)
def test_wrong_labels_are_overruled_by_the_bytes(text, codec, label):
    """A declaration that the bytes contradict is recorded and not followed."""
    decoded = decode(f"<meta charset={label}>".encode() + text.encode(codec), {})

    assert decoded.source == "wrong-label"
    assert decoded.declared == label
    assert decoded.text.endswith(text)


def test_a_right_label_on_few_letters_is_believed():
    """Short texts with a plausible label are not second-guessed."""
    decoded = decode(b"<meta charset=windows-1250>" + POLISH.encode("cp1250"), {})

    assert (decoded.encoding, decoded.source) == ("cp1250", "meta")
    assert decoded.text.endswith(POLISH)


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("x-sjis", "cp932"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-8859-9", "cp1254"),
        ("utf8", "utf-8"),
        ("UTF-16", "utf-8"),
        ("iso-8559-1", "cp1252"),
        ("utf-7", ""),
        ("base64", ""),
        ("idna", ""),
        ("no such thing", ""),
        ("", ""),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label, codec):
    """Labels follow the Encoding Standard; codecs that are no text encodings are refused."""
    assert codec_of(label) == codec


def test_a_charset_in_a_comment_is_no_declaration():
    """What an editor commented out does not count."""
    assert declared_charset(b"<!-- <meta charset=big5> --><html>", {}) == ("", "")


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(gzip.compress, id="gzip"),
        pytest.param(lambda body: gzip.compress(gzip.compress(body)), id="gzip-twice"),
        pytest.param(zlib.compress, id="zlib"),
        pytest.param(brotli.compress, id="brotli"),
    ],
)
def test_bodies_still_compressed_are_unpacked(pack):
    """Archives hand out packed bodies without saying so."""
    body = ("<html><p>" + FRENCH).encode()

    assert decode(pack(body), {}).text == body.decode()


def test_a_damaged_gzip_stream_gives_what_can_be_read():
    """A truncated body is better than none."""
    body = "".join(f"<p>Clause {n} of the policy, number {n * 7919}.</p>" for n in range(2000)).encode()
    packed = gzip.compress(body)

    text = decode(packed[: len(packed) // 2], {}).text

    assert body.decode().startswith(text) and len(text) > 1000


def test_undecodable_bytes_stay_visible_and_are_counted():
    """What means nothing in the encoding becomes U+FFFD, never nothing."""
    body = b"<meta charset=utf-8>" + ("é" * 200).encode() + b"caf\xe9 end"

    decoded = decode(body, {})

    assert decoded.undecodable == 1
    assert "caf\ufffd end" in decoded.text


@given(st.binary(max_size=3000), st.text(max_size=60))
def test_decode_never_raises(body, content_type):
    """Whatever the bytes and the header are, there is a text."""
    decoded = decode(body, {"Content-Type": content_type})

    assert isinstance(decoded.text, str)
    assert decoded.undecodable == decoded.text.count("\ufffd") or decoded.repaired


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=500))
def test_utf_8_reads_back(text):
    """What was encoded as declared is decoded to itself, unless it was mojibake before."""
    decoded = decode(b"\xef\xbb\xbf" + text.encode(), {})

    assert decoded.text == text or decoded.repaired

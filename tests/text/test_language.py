"""The language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.language import declared_code, detect_language

SENTENCES = {
    "en": "We use the information that you give us only to send you what you have ordered, and we never sell it. ",
    "de": "Wir verwenden Ihre Angaben nur, um Ihnen zu senden, was Sie bestellt haben, und verkaufen sie niemals. ",
    "fr": "Nous n'utilisons vos informations que pour vous envoyer ce que vous avez commandé, jamais pour les vendre. ",
    "es": "Utilizamos sus datos únicamente para enviarle lo que ha pedido y no los vendemos nunca a nadie. ",
    "nl": "Wij gebruiken uw gegevens alleen om u te sturen wat u hebt besteld en verkopen ze nooit aan anderen. ",
    "ru": "Мы используем ваши данные только для того, чтобы отправить вам заказ, и никому их не продаём. ",
    "vi": "Chúng tôi chỉ dùng thông tin của bạn để gửi những gì bạn đã đặt mua và không bao giờ bán thông tin đó. ",
    "id": "Kami hanya menggunakan data Anda untuk mengirim barang yang Anda pesan dan tidak pernah menjualnya. ",
    "tl": "Ginagamit lamang namin ang iyong impormasyon upang maipadala ang inorder mo at hindi namin ito ibinebenta. ",
    "sw": "Tunatumia taarifa zako ili tu kukutumia ulichoagiza na kamwe hatuziuzi kwa mtu mwingine yeyote. ",
    "af": "Ons gebruik jou inligting net om vir jou te stuur wat jy bestel het en verkoop dit nooit aan iemand nie. ",
    "mt": "Aħna nużaw l-informazzjoni tiegħek biss biex nibagħtulek dak li ordnajt u qatt ma nbigħuha lil ħadd. ",
    "zh": "我们仅使用您提供的信息向您寄送您所订购的商品，绝不会将其出售给任何人。",
    "ja": "お客様からいただいた情報は、ご注文の品をお送りするためにのみ利用し、販売することはありません。",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_languages_are_told_apart(code):
    """A few sentences are enough, whatever the page declares."""
    assert detect_language(SENTENCES[code] * 4, "en-US") == code


def test_malay_is_believed():
    """Its text looks Indonesian; a page that says which of the two it is knows better."""
    malay = "Kami hanya menggunakan maklumat anda untuk menghantar barang yang anda pesan dan tidak pernah menjualnya. "
    assert detect_language(malay * 4, "ms-MY") == "ms"
    assert detect_language(malay * 4) in ("ms", "id")


def test_the_declaration_decides_where_the_text_cannot():
    """Two words have no language of their own."""
    assert detect_language("OK", "pt-BR") == "pt"
    assert detect_language("", "") == ""


@pytest.mark.parametrize(
    ("declared", "code"), [("en-GB", "en"), ("DE", "de"), ("zh_Hans", "zh"), ("english", ""), ("", "")]
)
def test_language_tags(declared, code):
    """Tags give their two letters, anything else nothing."""
    assert declared_code(declared) == code


@given(st.text(max_size=400), st.text(max_size=12))
def test_never_raises(text, declared):
    """Any text has a two-letter language or none."""
    assert len(detect_language(text, declared)) in (0, 2)

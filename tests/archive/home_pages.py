"""Invented home pages in the style of each era, with the policies they lead to: what discovery is measured on."""
# ruff: noqa: E501 – pages are data, and mark-up has long lines

from __future__ import annotations

from dataclasses import dataclass, field

HOME = "http://www.alder.example/"


@dataclass(frozen=True)
class Page:
    """A page and what it leads to: addresses by kind, relative to the site; *hubs* may lead on."""

    name: str
    html: str
    privacy: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    sends_to: str = ""
    url: str = HOME
    charset: str = "utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The page as it was served."""
        return self.html.encode(self.charset, "xmlcharrefreplace")


def _footer(*links: tuple[str, str], lang: str = "en") -> str:
    items = "".join(f'<li><a href="{href}">{words}</a></li>' for href, words in links)
    nav = "".join(f'<a href="/{name}">{name.title()}</a> ' for name in ("products", "about", "jobs", "contact", "news"))
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>Alder</title></head><body>'
        f"<header><nav>{nav}</nav></header><main><h1>Alder</h1><p>We grow trees, and we bring them to your door.</p>"
        f"</main><footer><ul>{items}</ul><p>© Alder</p></footer></body></html>"
    )


_TABLE_1998 = """<HTML><HEAD><TITLE>Alder Nursery</TITLE></HEAD><BODY BGCOLOR=#FFFFFF TEXT=#000000>
<CENTER><IMG SRC="gifs/banner.gif" ALT="Welcome to Alder"><BR><FONT FACE=ARIAL SIZE=2>
<TABLE BORDER=0><TR><TD><A HREF="trees.htm">Trees<TD><A HREF="order.htm">Order form</A><TD><A HREF="mail.htm">Mail us</A>
</TABLE><HR>{}<BR>Best viewed with any browser</CENTER></BODY></HTML>"""

PAGES = [
    Page("1998-capitals", _TABLE_1998.format('<A HREF="PRIVACY.HTM"><B>Privacy Statement</B></A>'), ("PRIVACY.HTM",)),
    Page(
        "1999-footer-with-bars",
        _TABLE_1998.format(
            '[ <a href=index.htm>Home</a> | <a href=legal.html>Legal</a> | <a href="priv.html">Privacy</a> |'
            ' <a href="mailto:privacy@alder.example">Privacy questions</a> ]'
        ),
        ("priv.html",),
        hubs=("legal.html",),
    ),
    Page(
        "1999-picture-buttons",
        _TABLE_1998.format(
            '<a href="cgi/p?id=7"><img src="gifs/b1.gif" alt="Our Privacy Policy" border=0></a>'
            '<a href="cgi/p?id=8"><img src="gifs/b2.gif" alt="Terms of Use" border=0></a>'
            '<a href="cgi/p?id=9"><img src="gifs/b3.gif" alt="" border=0></a>'
        ),
        ("cgi/p?id=7",),
        ("cgi/p?id=8",),
    ),
    Page(
        "1999-pictures-without-words",
        _TABLE_1998.format('<a href="info/p3.htm"><img src="/nav/btn_privacy_policy_off.gif" width=80></a>'),
        ("info/p3.htm",),
    ),
    Page(
        "2000-image-map",
        '<HTML><BODY><MAP NAME="foot"><AREA SHAPE=RECT COORDS="0,0,90,20" HREF="about.html" ALT="About">'
        '<AREA SHAPE=RECT COORDS="90,0,180,20" HREF="privacy.html"><AREA SHAPE=RECT COORDS="180,0,270,20"'
        ' HREF="tc.html" ALT="Terms &amp; Conditions"></MAP><IMG SRC="foot.gif" USEMAP="#foot"></BODY></HTML>',
        ("privacy.html",),
        ("tc.html",),
    ),
    Page(
        "2000-frameset",
        '<HTML><HEAD><TITLE>Alder</TITLE></HEAD><FRAMESET ROWS="80,*,30"><FRAME SRC="top.html" NAME=top>'
        '<FRAME SRC="main.html"><FRAME SRC="/web/20001010101010/http://www.alder.example/bottom.html"></FRAMESET></HTML>',
        frames=("top.html", "main.html", "bottom.html"),
    ),
    Page(
        "2000-noframes",
        '<HTML><FRAMESET COLS="20%,*"><FRAME SRC="nav.html"><FRAME SRC="body.html"><NOFRAMES><BODY>No frames?'
        ' <A HREF="privacy/">Our privacy policy</A></BODY></NOFRAMES></FRAMESET></HTML>',
        ("privacy/",),
        frames=("nav.html", "body.html"),
    ),
    Page(
        "2001-popup-window",
        _TABLE_1998.format(
            "<a href=\"javascript:openWindow('/popups/privacy.asp','pp','width=400,height=500')\">Privacy Policy</a>"
            ' <a href="#" onClick="window.open(\'popups/terms.asp\');return false">Terms of Service</a>'
            ' <a href="javascript:void(0)">Privacy</a>'
        ),
        ("popups/privacy.asp",),
        ("popups/terms.asp",),
    ),
    Page(
        "2002-base-href",
        '<html><head><base href="http://www.alder.example/shop/en/"></head><body><p><a href="privacy.jsp">Privacy</a>'
        ' <a href="../../legal/terms.jsp">Conditions of Use</a></body></html>',
        ("shop/en/privacy.jsp",),
        ("legal/terms.jsp",),
    ),
    Page(
        "2003-rewritten-by-the-archive",
        _TABLE_1998.format(
            '<a href="/web/20030401113213/http://www.alder.example:80/privacy.html">Privacy</a>'
            ' <a href="https://web.archive.org/web/20030401113213/http://www.alder.example/agb.html">AGB</a>'
            ' <a href="/web/20030401113213/http://www.truste.example/seal?privacy=1">seal</a>'
        ),
        ("privacy.html",),
        ("agb.html",),
    ),
    Page(
        "2003-jump-menu",
        _TABLE_1998.format(
            "<form><select onchange=\"go(this)\"><option value=''>Choose<option value='/trees.asp'>Trees"
            "<option value='/about/privacy_statement.asp'>Privacy statement</select></form>"
        ),
        ("about/privacy_statement.asp",),
    ),
    Page(
        "2004-click-here",
        _TABLE_1998.format(
            '<p>Your trust matters. To read our privacy policy <a href="docs/d41.htm">click here</a>.</p>'
            '<p>To see the new catalogue <a href="docs/d42.htm">click here</a>.</p>'
        ),
        ("docs/d41.htm",),
    ),
    Page(
        "2004-meta-refresh",
        '<html><head><meta http-equiv="Refresh" content="0; URL=/en/home.html"></head><body></body></html>',
        sends_to="en/home.html",
    ),
    Page(
        "2004-script-that-moves",
        '<html><head><script>window.location.href = "/portal/index.jsp";</script></head><body></body></html>',
        sends_to="portal/index.jsp",
    ),
    Page(
        "2004-splash",
        '<html><body bgcolor=black><center><a href="main.php"><img src="enter.jpg" alt="Enter"></a></center></body></html>',
        sends_to="main.php",
    ),
    Page(
        "2005-news-about-privacy",
        _footer(
            ("/news/2005/11/senate-debates-privacy-law.html", "Senate debates new privacy law"),
            ("/blog/how-to-write-a-privacy-policy", "How to write a privacy policy that people read"),
            ("/products/privacy-filters", "Privacy filters"),
            ("/privacy-fences.html", "Privacy fences and hedges"),
            ("/privacy.html", "Privacy"),
        ),
        ("privacy.html",),
    ),
    Page(
        "2005-only-news",
        _footer(
            ("/news/data-protection-conference.html", "Data protection conference in June"),
            ("/tag/privacy", "privacy"),
            ("/forum/privacy/", "Privacy and security"),
            ("/books/the-end-of-privacy", "The end of privacy"),
        ),
    ),
    Page(
        "2006-partners-policies",
        _footer(
            ("http://www.mapmaker.example/privacy", "Mapmaker privacy policy"),
            ("http://ads.example/privacy.html", "Privacy Policy"),
            ("http://www.counter.example/privacy.html", "Privacy Policy"),
            ("/legal.php?p=privacy", "Privacy Policy"),
        ),
        ("legal.php?p=privacy",),
    ),
    Page(
        "2006-policy-of-the-parent",
        _footer(("http://www.bigholding.example/legal/privacy.html", "Privacy Policy")),
        ("http://www.bigholding.example/legal/privacy.html",),
    ),
    Page(
        "2007-form-guard-only",
        '<html><body><p>This form is protected by reCAPTCHA; the Searchco <a href="https://policies.searchco.example/privacy">'
        'Privacy Policy</a> and <a href="https://policies.searchco.example/terms">Terms of Service</a> apply.</p></body></html>',
    ),
    Page(
        "2007-place-in-the-page",
        _footer(
            ("#privacy", "Privacy"), ("/#privacy", "Privacy Policy"), ("/conditions.html#privacy", "Privacy Policy")
        ),
        ("conditions.html",),
    ),
    Page(
        "2008-pdf",
        _footer(("/files/AlderPrivacyPolicy2008.pdf", "Privacy Policy (PDF)"), ("/files/tos.pdf", "Terms of Service")),
        ("files/AlderPrivacyPolicy2008.pdf",),
        ("files/tos.pdf",),
    ),
    Page(
        "2008-log-in-and-error",
        _footer(("/login?next=/privacy", "Privacy"), ("/privacy-policy", "Privacy policy"), ("/error/404", "Terms")),
        ("privacy-policy",),
    ),
    Page(
        "2009-legal-hub",
        _footer(("/legal/", "Legal"), ("/contact", "Contact"), ("/impressum", "Impressum")),
        hubs=("legal/", "impressum"),
    ),
    Page(
        "2010-several-audiences",
        _footer(
            ("/privacy", "Privacy Policy"),
            ("/privacy/california", "Your California Privacy Rights"),
            ("/privacy/kids", "Children's Privacy Policy"),
            ("/jobs/privacy", "Applicant privacy notice"),
        ),
        ("privacy",),
    ),
    Page(
        "2011-terms-and-privacy-in-one",
        _footer(("/legal", "Terms & Privacy"), ("/help", "Help")),
        ("legal",),
    ),
    Page(
        "2012-cookie-banner",
        '<div id="cookie-bar">We use cookies. <a href="/cookie-policy">Find out more</a> <button>OK</button></div>'
        + _footer(("/privacy-policy", "Privacy policy"), ("/cookies/settings", "Cookie settings")),
        ("privacy-policy",),
        cookies=("cookie-policy",),
    ),
    Page(
        "2014-icons-with-labels",
        '<footer><a href="/p/1a" aria-label="Privacy Policy"><svg></svg></a><a href="/p/2b" title="Terms of Use"><i></i></a>'
        '<a href="https://social.example/alder" aria-label="Social"><svg></svg></a></footer>',
        ("p/1a",),
        ("p/2b",),
    ),
    Page(
        "2016-named-by-company",
        _footer(
            ("/en/legal/alder-privacy-notice", "Alder Privacy Notice"), ("/en/legal/alder-terms", "Alder Terms of Use")
        ),
        ("en/legal/alder-privacy-notice",),
        ("en/legal/alder-terms",),
    ),
    Page(
        "2018-subdomain",
        _footer(("https://legal.alder.example/privacy", "Privacy"), ("https://legal.alder.example/terms", "Terms")),
        ("https://legal.alder.example/privacy",),
        ("https://legal.alder.example/terms",),
    ),
    Page(
        "2019-choices-and-rights",
        _footer(
            ("/privacy-choices", "Your Privacy Choices"),
            ("/do-not-sell", "Do Not Sell My Personal Information"),
            ("/privacy-shield", "Privacy Shield"),
            ("/privacy-notice", "Privacy Notice"),
        ),
        ("privacy-notice",),
    ),
    Page(
        "2020-rel",
        '<html><head><link rel="privacy-policy" href="/doc/44"><link rel="stylesheet" href="/a.css"></head>'
        '<body><a href="/doc/45" rel="terms-of-service nofollow">House rules</a></body></html>',
        ("doc/44",),
        ("doc/45",),
    ),
    Page(
        "2021-shell",
        '<html><body><div id="root"></div><script>window.__CONFIG={"urls":{"privacy":"https:\\/\\/www.alder.example\\/privacy-policy",'
        '"news":"\\/news\\/privacy-week"}}</script></body></html>',
        ("https://www.alder.example/privacy-policy",),
    ),
    Page(
        "2022-privacy-product",
        _footer(
            ("/products/privacy", "Privacy"),
            ("/whois-privacy", "Whois privacy"),
            ("/legal/privacy-policy", "Privacy policy"),
        ),
        ("legal/privacy-policy",),
    ),
    Page(
        "latin1-german",
        _footer(
            ("/impressum.html", "Impressum"),
            ("/datenschutz.html", "Datenschutzerklärung"),
            ("/agb.html", "Allgemeine Geschäftsbedingungen"),
            ("/cookies.html", "Cookie-Richtlinie"),
            ("/datenschutz/einstellungen", "Datenschutz-Einstellungen"),
            lang="de",
        ).replace("utf-8", "iso-8859-1"),
        ("datenschutz.html",),
        ("agb.html",),
        ("cookies.html",),
        ("impressum.html",),
        charset="iso-8859-1",
    ),
    Page(
        "windows1251-russian",
        _footer(
            ("/page.php?id=12", "Политика конфиденциальности"),
            ("/page.php?id=13", "Пользовательское соглашение"),
            ("/novosti/12", "Новый закон о персональных данных принят"),
            lang="ru",
        ).replace("utf-8", "windows-1251"),
        ("page.php?id=12",),
        ("page.php?id=13",),
        charset="windows-1251",
    ),
    Page(
        "shiftjis-japanese",
        _footer(
            ("/kiyaku.html", "利用規約"),
            ("/pp.html", "個人情報の取り扱いについて"),
            ("/topics/1", "個人情報保護法の改正セミナーを開催しました"),
            lang="ja",
        ).replace("utf-8", "shift_jis"),
        ("pp.html",),
        ("kiyaku.html",),
        charset="shift_jis",
    ),
]

PAGES += [
    Page(
        "1997-sentence-and-footer",
        _TABLE_1998.format(
            '<a href="http://info.alder.example/legal/us/">Legal</a> <small>NOTICE: we collect what you type. To learn more,'
            " see our <a href=r/pv>Privacy Policy</a>.</small>"
        ),
        ("r/pv",),
        hubs=("http://info.alder.example/legal/us/",),
    ),
    Page(
        "2001-click-on-anything",
        "<html><body><table><tr><td onclick=\"location.href='/privacy/'\">Privacy</td>"
        "<td><span onclick=\"location='/conditions.asp'\">Conditions of Use</span></td></tr></table></body></html>",
        ("privacy/",),
        ("conditions.asp",),
    ),
    Page(
        "2002-scripts-that-open-nothing",
        _TABLE_1998.format(
            "<a href=\"javascript:popup('privacy')\">Privacy</a>"
            " <a href=\"javascript:MM_openBrWindow('/info/pp.html','','width=300')\">Privacy statement</a>"
        ),
        ("info/pp.html",),
    ),
    Page(
        "2003-directory-of-the-web",
        _footer(
            ("/Society/Issues/Privacy/", "Privacy"), ("/Computers/", "Computers"), ("/info/pp.html", "Privacy Policy")
        ),
        ("info/pp.html",),
    ),
    Page(
        "2004-input-image",
        _TABLE_1998.format('<a href="p.cgi"><input type=image src="/img/privacy_button.gif"></a>'),
        ("p.cgi",),
    ),
    Page(
        "2005-archive-of-another-country",
        _TABLE_1998.format(
            '<a href="/coll/20050101000000/http://www.alder.example/privacy.html">Privacy</a>'
            ' <a href="http://arquivo.example/wayback/20050101000000mp_/http://www.alder.example/termos">Termos de uso</a>'
        ),
        ("privacy.html",),
        ("termos",),
    ),
    Page(
        "2006-base-in-the-archive",
        '<html><head><base href="http://web.archive.org/web/20060101000000/http://www.alder.example/en/"></head><body>'
        '<p>Trees.</p><a href="privacy.html">Privacy</a><a href="../de/agb.html">AGB</a></body></html>',
        ("en/privacy.html",),
        ("de/agb.html",),
    ),
    Page(
        "2007-seals",
        _footer(
            ("http://www.trustseal.example/validate/12", "Reviewed by TrustSeal privacy programme"),
            ("http://www.otherseal.example/click", "Click to verify our privacy seal"),
            ("/priv", "Privacy"),
        ),
        ("priv",),
    ),
    Page(
        "2010-forum",
        _footer(
            ("/user/privacy_guy", "privacy_guy"),
            ("/topic/12-internet-privacy-tips", "Internet privacy tips"),
            ("/forum/rules", "Forum rules"),
            ("/privacy.php", "Privacy Policy"),
        ),
        ("privacy.php",),
    ),
    Page(
        "2013-cookie-bar-that-says-little",
        '<div class="bar">This site uses cookies. <a href="/cookies.html">More information</a></div>'
        + _footer(("/p", "Privacy")),
        ("p",),
        cookies=("cookies.html",),
    ),
    Page(
        "2013-cookie-bar-that-says-here",
        '<div class="bar">Read our cookie policy <a href="/c.html">here</a></div>' + _footer(("/p", "Privacy")),
        ("p",),
        cookies=("c.html",),
    ),
    Page(
        "2015-german-services",
        _footer(
            ("/de/service/datenschutz", "Datenschutz"),
            ("/de/service/agb", "AGB"),
            ("/de/service/impressum", "Impressum"),
            ("/de/jobs/datenschutzbeauftragter", "Stellenangebot Datenschutzbeauftragter"),
            lang="de",
        ),
        ("de/service/datenschutz",),
        ("de/service/agb",),
        hubs=("de/service/impressum",),
    ),
    Page(
        "2016-privacy-as-a-product",
        _footer(
            ("/vpn", "VPN"),
            ("/privacy-tools", "Privacy"),
            ("/legal/privacy", "Privacy Policy"),
            ("/breaches", "Privacy breaches"),
        ),
        ("legal/privacy",),
    ),
    Page(
        "2018-pdf-to-download",
        _footer(
            ("/docs/4711.pdf", "Datenschutzhinweise als PDF herunterladen"), ("/docs/4712.pdf", "Preisliste"), lang="de"
        ),
        ("docs/4711.pdf",),
    ),
    Page(
        "2019-update-in-the-news",
        _footer(
            ("/2019/03/alder-updates-its-privacy-policy", "Alder updates its privacy policy"),
            ("/press/privacy-award", "Privacy award 2019"),
            ("/trees", "Trees"),
        ),
    ),
    Page(
        "2020-chinese-news",
        _footer(
            ("/help/ys", "隐私保护声明"), ("/help/fw", "用户服务协议"), ("/news/1", "国家隐私保护新规发布"), lang="zh"
        ),
        ("help/ys",),
        ("help/fw",),
    ),
    Page(
        "2020-arabic-cookies",
        _footer(("/ar/p", "سياسة الخصوصية وملفات تعريف الارتباط"), ("/ar/t", "الشروط والأحكام"), lang="ar"),
        ("ar/p",),
        ("ar/t",),
    ),
    Page(
        "2021-one-page-for-both",
        _footer(("/legal/terms-and-privacy.html", "Terms of Service and Privacy Policy"), ("/x", "Security")),
        ("legal/terms-and-privacy.html",),
    ),
    Page(
        "2022-shielded-mail",
        _footer(
            ("/privacy/", "Privacy"),
            ("/privacy/privacy@alder.example", "[email protected]"),
            ("mailto:p@alder.example", "Privacy"),
        ),
        ("privacy/",),
    ),
]

# One footer for each language: privacy, terms, and something that is neither.
_LANGUAGES = {
    "en": ("Privacy", "Terms & Conditions", "Careers"),
    "de": ("Datenschutz", "Nutzungsbedingungen", "Karriere"),
    "fr": ("Politique de confidentialité", "Conditions générales d’utilisation", "Carrières"),
    "fr-2": ("Données personnelles", "CGV", "Presse"),
    "es": ("Política de privacidad", "Términos y condiciones", "Empleo"),
    "es-2": ("Protección de datos", "Condiciones de uso", "Prensa"),
    "it": ("Informativa sulla privacy", "Condizioni d’uso", "Lavora con noi"),
    "nl": ("Privacyverklaring", "Algemene voorwaarden", "Vacatures"),
    "nl-2": ("Privacybeleid", "Gebruiksvoorwaarden", "Nieuws"),
    "pt": ("Política de Privacidade", "Termos de Uso", "Carreiras"),
    "pt-2": ("Proteção de dados", "Condições gerais", "Imprensa"),
    "pl": ("Polityka prywatności", "Regulamin", "Kariera"),
    "pl-2": ("Ochrona danych osobowych", "Warunki korzystania", "Prasa"),
    "sv": ("Integritetspolicy", "Användarvillkor", "Jobba hos oss"),
    "sv-2": ("Behandling av personuppgifter", "Köpvillkor", "Press"),
    "da": ("Privatlivspolitik", "Handelsbetingelser", "Job"),
    "da-2": ("Persondatapolitik", "Vilkår og betingelser", "Presse"),
    "no": ("Personvernerklæring", "Brukervilkår", "Ledige stillinger"),
    "fi": ("Tietosuojaseloste", "Käyttöehdot", "Avoimet työpaikat"),
    "fi-2": ("Tietosuoja", "Toimitusehdot", "Uutiset"),
    "tr": ("Gizlilik Politikası", "Kullanım Koşulları", "Kariyer"),
    "tr-2": ("Kişisel Verilerin Korunması", "Üyelik Sözleşmesi", "Basın"),
    "ru": ("Обработка персональных данных", "Условия использования", "Вакансии"),
    "uk": ("Політика конфіденційності", "Умови використання", "Вакансії"),
    "cs": ("Ochrana osobních údajů", "Obchodní podmínky", "Kariéra"),
    "cs-2": ("Zásady ochrany osobních údajů", "Podmínky použití", "Novinky"),
    "hu": ("Adatvédelmi nyilatkozat", "Felhasználási feltételek", "Állások"),
    "hu-2": ("Adatkezelési tájékoztató", "ÁSZF", "Hírek"),
    "ro": ("Politica de confidențialitate", "Termeni și condiții", "Cariere"),
    "el": ("Πολιτική απορρήτου", "Όροι χρήσης", "Καριέρα"),
    "ja": ("プライバシーポリシー", "利用規約", "採用情報"),
    "ja-2": ("個人情報保護方針", "ご利用規約", "会社概要"),
    "zh-hans": ("隐私政策", "服务条款", "招聘"),
    "zh-hant": ("隱私權政策", "使用條款", "人才招募"),
    "ko": ("개인정보처리방침", "이용약관", "채용"),
    "ar": ("سياسة الخصوصية", "شروط الاستخدام", "وظائف"),
    "he": ("מדיניות פרטיות", "תנאי שימוש", "דרושים"),
}
PAGES += [
    Page(
        f"language-{name}",
        _footer(("/a/17", words[0]), ("/a/18", words[1]), ("/a/19", words[2]), lang=name.partition("-")[0]),
        ("a/17",),
        ("a/18",),
    )
    for name, words in _LANGUAGES.items()
]

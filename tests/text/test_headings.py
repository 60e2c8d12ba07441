"""Headings of small policies written in the styles of real ones: what a reader would call a heading, and its level."""

from __future__ import annotations

import pytest

from harvest.text.extract import extract
from harvest.text.markdown import read_markdown
from harvest.text.sections import sectionise

P = "We keep this short on purpose, so that every visitor can read the whole of it in a minute."
Q = "Our staff see only what they need for their work, and nobody outside the shop sees it at all."

LONG = "How do you keep and use my letters, my cards and my parcels when I look at the shop window but never come in"

WORDS = "Orders Cards Letters Trees Roses Ponds Hedges Gates Insects Jars".split()

Outline = list[tuple[int, str, str]]


def outline(text: str) -> Outline:
    return [(s.level, s.number, s.heading) for s in read_markdown(text).sections if s.heading]


CASES: dict[str, tuple[str, Outline]] = {
    "atx": (
        f"## Orders\n\n{P}\n\n### Returns\n\n{Q}\n\n## Letters\n\n{P}",
        [(2, "", "Orders"), (3, "", "Returns"), (2, "", "Letters")],
    ),
    "atx with bold, number and closing hashes": (
        f"## **1\\. ORDERS** ##\n\n{P}\n\n## **2\\. LETTERS** ##\n\n{Q}",
        [(2, "1", "ORDERS"), (2, "2", "LETTERS")],
    ),
    "atx that holds a notice is text": (
        f"## Effective as of 3 May 2011\n\n{P}\n\n## Orders\n\n{Q}",
        [(2, "", "Orders")],
    ),
    "atx in roman numbers over digits": (
        f"## I. Shop\n\n{P}\n\n## 1. Orders\n\n{P}\n\n## 2. Returns\n\n{P}\n\n## II. Garden\n\n{Q}",
        [(2, "I", "Shop"), (3, "1", "Orders"), (3, "2", "Returns"), (2, "II", "Garden")],
    ),
    "long questions in mark-up": (
        f"## 1. {LONG}?\n\n{P}\n\n### {LONG}?\n\n{P}\n\n## Do you share it with Acme? And why?\n\n{Q}",
        [(2, "1", f"{LONG}?"), (3, "", f"{LONG}?"), (2, "", "Do you share it with Acme? And why?")],
    ),
    "numbered sentences in mark-up": (
        f"## 1. Letters\n\n### 1.1 {LONG.replace('How', 'We say how')}:\n\n* Cards\n\n### 1.2 Parcels\n\n{Q}",
        [(2, "1", "Letters"), (3, "1.1", f"{LONG.replace('How', 'We say how')}:"), (3, "1.2", "Parcels")],
    ),
    "sentences in mark-up are text": (
        f"## Orders\n\n### {P}\n\n### Wir heben jeden Brief ein Jahr und einen Tag für Sie bei uns im Laden auf.\n",
        [(2, "", "Orders")],
    ),
    "dates in mark-up that recur": (
        f"## Changes\n\n### May 2024\n\n{P}\n\n### March 2023\n\n{P}\n\n### July 2021\n\n{Q}",
        [(2, "", "Changes"), (3, "", "May 2024"), (3, "", "March 2023"), (3, "", "July 2021")],
    ),
    "underlined in full length": (
        f"Garden Policy\n=============\n\n{P}\n\nOrders\n------\n\n{Q}\n\nLetters\n-------\n\n{P}",
        [(1, "", "Garden Policy"), (2, "", "Orders"), (2, "", "Letters")],
    ),
    "a rule under a paragraph makes no heading": (f"{P}\n---\n\n{Q}\n", []),
    "dashes under a bold title": (
        f"**Sharing**\n---------\n\n{P}\n\n**Storing**\n---------\n\n{Q}",
        [(2, "", "Sharing"), (2, "", "Storing")],
    ),
    "bold lines": (f"**Choice**\n\n{P}\n\n ** Corrections  **\n\n{Q}", [(2, "", "Choice"), (2, "", "Corrections")]),
    "bold and hard break": (f"**Cookies**  \n{P}\n\n**:: Letters**  \n{Q}", [(2, "", "Cookies"), (2, "", "Letters")]),
    "bold closed on the next line": (
        f"**1\\. Scope  \n**  \n{P}\n\n**2\\. Letters  \n**  \n{Q}",
        [(2, "1", "Scope"), (2, "2", "Letters")],
    ),
    "number and title in bold runs of their own": (
        f" **A. ** ** _ORDERS_**\n\n{P}\n\n **B.  ** ** _LETTERS_**\n\n{Q}",
        [(2, "A", "ORDERS"), (2, "B", "LETTERS")],
    ),
    "two ways of writing numbers": (
        f"**1.  ** **What you tell us**\n\n{P}\n\n**2\\. What others tell us**\n\n{Q}",
        [(2, "1", "What you tell us"), (2, "2", "What others tell us")],
    ),
    "bold that runs on": (
        f"**Security.** {P}\n\n**Letters**. {Q}\n\n**Payment** {P}",
        [(2, "", "Security"), (2, "", "Letters"), (2, "", "Payment")],
    ),
    "bold titles that lost their breaks": (
        f"{P} **What about letters?** {Q} **Links to the Post** {P}",
        [(2, "", "What about letters?"), (2, "", "Links to the Post")],
    ),
    "bold first words of a sentence are none": (f"**Acme** keeps your letters for a year and a day.\n\n{P}", []),
    "bold items that run on": (
        f"## Rights\n\n* **See.** {P}\n* **Correct:** {Q}\n",
        [(2, "", "Rights"), (3, "", "See"), (3, "", "Correct")],
    ),
    "capitals": (f"ORDERS\n\n{P}\n\nLETTERS AND CARDS\n\n{Q}", [(2, "", "ORDERS"), (2, "", "LETTERS AND CARDS")]),
    "escaped numbers": (
        f"1\\. YOUR ORDERS\n\n{P}\n\n2\\. LETTERS BETWEEN shop.example AND YOU.\n\n{Q}",
        [(2, "1", "YOUR ORDERS"), (2, "2", "LETTERS BETWEEN shop.example AND YOU.")],
    ),
    "items of an ordered list with text between": (
        f"  1. Use of letters\n\n{P}\n\n  2. Storage of letters\n\n{Q}\n\n  3. Changes\n\n{P}",
        [(2, "1", "Use of letters"), (2, "2", "Storage of letters"), (2, "3", "Changes")],
    ),
    "an ordered list alone has none": (f"{P}\n\n  1. Use of letters\n  2. Storage of letters\n  3. Changes\n\n{Q}", []),
    "decimal numbers below their section": (
        f"**1. Data**\n\n{P}\n\n**1.1 Orders**\n\n{P}\n\n**1.2 Letters**\n\n{Q}\n\n**2. Rights**\n\n{P}",
        [(2, "1", "Data"), (3, "1.1", "Orders"), (3, "1.2", "Letters"), (2, "2", "Rights")],
    ),
    "named numbers": (
        f"**Section 1. Orders**\n\n{P}\n\n**§ 2 Letters**\n\n{P}\n\n**Article 3 – Rights**\n\n{Q}",
        [(2, "Section 1", "Orders"), (2, "§ 2", "Letters"), (2, "Article 3", "Rights")],
    ),
    "questions": (
        f"Why do we ask for your name?\n\n{P}\n\nWhat about cookies?\n\n{Q}\n\nSWANS\n\n{P}",
        [(2, "", "Why do we ask for your name?"), (2, "", "What about cookies?"), (2, "", "SWANS")],
    ),
    "bare titles": (
        f"{P}\n\nWhat We Obtain\n\n{Q}\n\nDeclining newsletters  \n{P}\n\nContact\n\n{Q}",
        [(2, "", "What We Obtain"), (2, "", "Declining newsletters"), (2, "", "Contact")],
    ),
    "a bare title after the text it ends": (f"Orders\n\n{P}\nLetters\n\n{Q}", [(2, "", "Orders"), (2, "", "Letters")]),
    "colon lines that name and colon lines that announce": (
        f"Collection of letters:\n\n{P}\n\nWe may use them to:\n\n* answer\n\n"
        f"Storage of letters:\n\n{Q}\n\nFor example:\n\n* a year",
        [(2, "", "Collection of letters:"), (2, "", "Storage of letters:")],
    ),
    "plain names that the text runs on from": (
        f"## Use\n\nGift cards. {P}\n\nCompanies that work for us: {Q}\n\nWe are small. {P}",
        [(2, "", "Use"), (3, "", "Gift cards"), (3, "", "Companies that work for us")],
    ),
    "italic names that the text runs on from": (
        f"## Rights\n\n_Deletion_: {P}\n\n_Appeals:_ {Q}",
        [(2, "", "Rights"), (3, "", "Deletion"), (3, "", "Appeals")],
    ),
    "a title in a table cell": (
        f"**Collection** |\n---|---\n{P} |\n\n**Storage** |\n---|---\n{Q} |\n",
        [(2, "", "Collection"), (2, "", "Storage")],
    ),
    "a number in a cell of its own": (
        f"1. |\n\n**Orders**\n\n{P}\n\n2. |\n\n**Letters**\n\n{Q}",
        [(2, "1", "Orders"), (2, "2", "Letters")],
    ),
    "bold-italic below bold": (
        f"**Sharing**  \n**_With printers_**  \n{P}\n\n**_With the post_**  \n{Q}\n\n**Storing**  \n{P}",
        [(2, "", "Sharing"), (3, "", "With printers"), (3, "", "With the post"), (2, "", "Storing")],
    ),
    "decorated titles": (
        f".:: Orders ::.\n\n{P}\n\n» Letters\n\n{Q}\n\n~ Cards ~\n\n{P}",
        [(2, "", "Orders"), (2, "", "Letters"), (2, "", "Cards")],
    ),
    "a contents list names the sections": (
        f"Contents\n\n1. [Orders](#a)\n2. [Letters](#b)\n3. [Cards](#c)\n\n"
        f"Orders\n\n{P}\n\n**Refunds**\n\n{Q}\n\nLetters\n\n{P}\n\n**Cards**\n\n{Q}",
        [(2, "", "Orders"), (3, "", "Refunds"), (2, "", "Letters"), (2, "", "Cards")],
    ),
    "a contents list names what no look tells": (
        f"# Garden Policy\n\n**On this page**\n\n* Orders\n* {LONG}?\n* we write\n* Cards\n\n{P}\n\n"
        f"## Orders\n\n{P}\n\n## {LONG}?\n\n{P}\n\nwe write\n\n{P}\n\n## Cards\n\n{Q}",
        [
            (1, "", "Garden Policy"),
            (2, "", "Orders"),
            (2, "", f"{LONG}?"),
            (2, "", "we write"),
            (2, "", "Cards"),
        ],
    ),
    "a label of a list that is gone": (
        f"## Sommaire\n\n## 1. Lettres\n\n{P}\n\n## 2. Cartes\n\n{Q}",
        [(2, "1", "Lettres"), (2, "2", "Cartes")],
    ),
    "numbers with names in other languages": (
        f"**Article Ier – Objet**\n\n{P}\n\n**Artículo 2. Cartas**\n\n{P}\n\n**Teil 3 Briefe**\n\n{Q}",
        [(2, "Article Ier", "Objet"), (2, "Artículo 2", "Cartas"), (2, "Teil 3", "Briefe")],
    ),
    "numbers on a line of their own": (
        f"Section 1\n\nOrders\n\n{P}\n\nSection 2\n\nLetters\n\n{Q}",
        [(2, "Section 1", "Orders"), (2, "Section 2", "Letters")],
    ),
    "numbers on a bold line of their own": (
        f"**Article 5 –**\n\n**Cards**\n\n{P}\n\n**Article 6 –**\n\n**Letters**\n\n{Q}",
        [(2, "Article 5", "Cards"), (2, "Article 6", "Letters")],
    ),
    "numbers that are all there is": (
        f"## Section 1\n\n{P}\n\n## Section 2\n\n{Q}",
        [(2, "", "Section 1"), (2, "", "Section 2")],
    ),
    "Chinese numbers": (
        f"**一、订单**\n\n{P}\n\n**（一）信件**\n\n{P}\n\n**（二）卡片**\n\n{P}\n\n**二、权利**\n\n{Q}",
        [(2, "一", "订单"), (3, "一", "信件"), (3, "二", "卡片"), (2, "二", "权利")],
    ),
    "articles of a Chinese text": (
        f"**第一条 订单**\n\n{P}\n\n**第二条 信件**\n\n{Q}",
        [(2, "第一条", "订单"), (2, "第二条", "信件")],
    ),
    "brackets below full stops": (
        f"1\\. Orders\n\n{P}\n\n(1) Cards\n\n{P}\n\n(2) Stamps\n\n{P}\n\n2\\. Letters\n\n{P}\n\n3\\. Boxes\n\n{Q}",
        [(2, "1", "Orders"), (3, "1", "Cards"), (3, "2", "Stamps"), (2, "2", "Letters"), (2, "3", "Boxes")],
    ),
    "the ninth letter": (
        "".join(f"**{n}. {t}**\n\n{P}\n\n" for n, t in zip("ABCDEFGHIJ", WORDS, strict=True)),
        [(2, n, t) for n, t in zip("ABCDEFGHIJ", WORDS, strict=True)],
    ),
    "Roman numbers over letters": (
        "".join(f"**{n}. {t}**\n\n{P}\n\n" for n, t in zip(("I", "A", "B", "II", "A", "III"), WORDS, strict=False)),
        [(3 if n in "AB" else 2, n, t) for n, t in zip(("I", "A", "B", "II", "A", "III"), WORDS, strict=False)],
    ),
    "the one bare title among others that are marked up": (
        f"**Orders**\n\n{P}\n\nHow we keep your letters\n\n{P}\n\n**Cards**\n\n{Q}",
        [(2, "", "Orders"), (3, "", "How we keep your letters"), (2, "", "Cards")],
    ),
    "bare sections whose parts are marked up": (
        f"What We Sell\n\n{P}\n\nHow We Write To You\n\n### Letters\n\n{P}\n\n### Cards\n\n{P}\n\n"
        f"How We Pack It\n\n### Boxes\n\n{P}\n\nChanges To All This\n\n{Q}",
        [
            (2, "", "What We Sell"),
            (2, "", "How We Write To You"),
            (3, "", "Letters"),
            (3, "", "Cards"),
            (2, "", "How We Pack It"),
            (3, "", "Boxes"),
            (2, "", "Changes To All This"),
        ],
    ),
    "capitals, short ones too": (
        f"ORDERS\n{P}\n\nFAQ\n{P}\n\nYOUR LETTERS\n{Q}",
        [(2, "", "ORDERS"), (2, "", "FAQ"), (2, "", "YOUR LETTERS")],
    ),
    "bold lines that end in a colon": (
        f"**Orders:**\n{P}\n\n**What we pack:**\n\n* boxes\n* stamps\n",
        [(2, "", "Orders:"), (2, "", "What we pack:")],
    ),
    "atx in capitals": (
        f"### SCHEDULE 1\n\n{P}\n\n### SCHEDULE 2\n\n{Q}",
        [(2, "", "SCHEDULE 1"), (2, "", "SCHEDULE 2")],
    ),
    "atx without words": (
        f"# \n\n## Orders\n\n{P}\n\n##\n\n## Letters\n\n{Q}",
        [(2, "", "Orders"), (2, "", "Letters")],
    ),
    "plain names that items run on from": (
        f"## Rights\n\n* Consent. {P}\n* Access. {Q}\n\n## Letters\n\n{P}",
        [(2, "", "Rights"), (2, "", "Letters")],
    ),
    "bare items over text": (
        f"* Use of letters  \n{P}\n\n* Storage of letters  \n{Q}\n",
        [(2, "", "Use of letters"), (2, "", "Storage of letters")],
    ),
    "topical run-ins": (
        f"With respect to cookies: {P}\n\nOur use of letters: {P}\n\nYour right to cards: {Q}",
        [(2, "", "With respect to cookies"), (2, "", "Our use of letters"), (2, "", "Your right to cards")],
    ),
    "names in a list after which the section goes on": (
        f"## Rights\n\n{P}\n\n* **See.** {P}\n* **Correct.** {Q}\n\n{Q}\n\n## Letters\n\n{P}",
        [(2, "", "Rights"), (2, "", "Letters")],
    ),
    "counted items over clauses": (
        f"{P}\n\n  1. Your letters\n    1. {P}\n    2. {Q}\n  2. Your cards\n    1. {P}\n  3. Changes\n    1. {Q}\n",
        [(2, "1", "Your letters"), (2, "2", "Your cards"), (2, "3", "Changes")],
    ),
    "numbers with a letter": (
        f"## 10A. Letters\n\n{P}\n\n## 10B. Cards\n\n{Q}",
        [(2, "10A", "Letters"), (2, "10B", "Cards")],
    ),
    "answers are no names": (
        f"## Do you share it?\n\nYes. {P}\n\n## Do you sell it?\n\nNo. {Q}",
        [(2, "", "Do you share it?"), (2, "", "Do you sell it?")],
    ),
    "names of few items among many": (
        f"## Rights\n\n* **See.** {P}\n* your cards\n* your letters\n* your boxes\n\n## Letters\n\n{P}",
        [(2, "", "Rights"), (2, "", "Letters")],
    ),
    "items that are all the sections there are": (
        f"{P}\n\n* **WHO WE ARE.** {P}\n* **WHAT WE KEEP.** {Q}\n\n{Q}",
        [(2, "", "WHO WE ARE"), (2, "", "WHAT WE KEEP")],
    ),
    "two documents on a page": (
        f"# Politique de confidentialité\n\n## Partage\n\n{P}\n\n# Privacy Policy\n\n## Sharing\n\n{Q}",
        [(2, "", "Politique de confidentialité"), (3, "", "Partage"), (2, "", "Privacy Policy"), (3, "", "Sharing")],
    ),
    "full-width numbers": (
        f"**１．手紙**\n\n{P}\n\n**（１）箱**\n\n{P}\n\n**（２）切手**\n\n{P}\n\n**２．権利**\n\n{Q}",
        [(2, "１", "手紙"), (3, "１", "箱"), (3, "２", "切手"), (2, "２", "権利")],
    ),
    "a heading stands twice: summary and text": (
        f"## Scope\n\n{P}\n\n## Orders\n\n{Q}\n\n## Scope\n\n{P}",
        [(2, "", "Scope"), (2, "", "Orders"), (2, "", "Scope")],
    ),
    "numbers that begin again below their parts": (
        f"**The Shop**\n\n**1\\. Scope**\n\n{P}\n\n**2\\. Letters**\n\n{P}\n\n"
        f"**The Garden**\n\n**1\\. Scope** {P}\n\n**2\\. Letters**\n\n{Q}",
        [
            (2, "", "The Shop"),
            (3, "1", "Scope"),
            (3, "2", "Letters"),
            (2, "", "The Garden"),
            (3, "1", "Scope"),
            (3, "2", "Letters"),
        ],
    ),
    "letters among which some could be Roman": (
        f"### A. Orders\n\n{P}\n\n### B. Cards\n\n{P}\n\n### C. Letters\n\n{P}\n\n### 1. Short\n\n{P}\n\n"
        f"### 2. Long\n\n{P}\n\n### D. Rights\n\n{Q}",
        [
            (2, "A", "Orders"),
            (2, "B", "Cards"),
            (2, "C", "Letters"),
            (3, "1", "Short"),
            (3, "2", "Long"),
            (2, "D", "Rights"),
        ],
    ),
    "parts whose section lost its heading": (
        f"### 1. Orders\n\n{P}\n\n### 3.1 Short letters\n\n{P}\n\n### 3.1.1 Cards\n\n{P}\n\n### 3.2 Long\n\n{P}\n\n"
        f"### 4. Rights\n\n{Q}",
        [
            (2, "1", "Orders"),
            (3, "3.1", "Short letters"),
            (4, "3.1.1", "Cards"),
            (3, "3.2", "Long"),
            (2, "4", "Rights"),
        ],
    ),
    "bold titles over tables": (
        "**What we collect**\n\n| Kind | Why |\n| --- | --- |\n| name | to write |\n\n"
        "**What others tell us**\n\n| Kind | Who |\n| --- | --- |\n| name | the post |\n",
        [(2, "", "What we collect"), (2, "", "What others tell us")],
    ),
    "a title without spaces": (
        "**1. 我们如何收集信息**\n\n我们会按照如下方式收集你在使用服务时主动提供的信息，并妥善保管。\n\n"
        "**1.1 注册账号**\n\n你可以使用手机号登录，我们会保存你的手机号和昵称，直到你注销账号。\n",
        [(2, "1", "我们如何收集信息"), (3, "1.1", "注册账号")],
    ),
    "a policy named twice, once as a title": (
        f"# Shop Privacy Policy\n\n{P}\n\n## Privacy Policy\n\n{Q}\n\n## Letters\n\n{P}",
        [(1, "", "Shop Privacy Policy"), (2, "", "Privacy Policy"), (2, "", "Letters")],
    ),
    "one count through two mark-up levels": (
        f"1\\. Orders\n----------\n\n{P}\n\n### 1.1 Returns\n\n{P}\n\n### 2\\. Letters\n\n{Q}\n\n### 3\\. Cards\n\n{P}",
        [(2, "1", "Orders"), (3, "1.1", "Returns"), (2, "2", "Letters"), (2, "3", "Cards")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_heading_styles(text: str, expected: Outline) -> None:
    """Each style of heading is found, with its number apart from its title and its level as a reader sees it."""
    assert outline(text) == expected


TRAPS: dict[str, str] = {
    "bold warning": f"**IF YOU DO NOT AGREE WITH ANY OF THIS, PLEASE LEAVE THE SHOP AND DO NOT COME BACK.**\n\n{P}",
    "date in bold": f"**Last updated: 14 November 2012**\n\n{P}",
    "back to top": f"{P}\n\n**Back To Top**\n\n{Q}",
    "brands with links": f"{P}\n\n**Acme**  \nSign in: <http://acme.example/in>\n\n**Bolt**  \nSign in: <http://bolt.example/in>\n",
    "last line of an address": f"{P}\n\nAcme  \nBox 12 - 16 Garden Street\nOld Town, V1Y 9X1\nCANADA\n\n{Q}",
    "date in mark-up": f"{P}\n\n### May 2024\n\n{Q}",
    "address in bold": f"{P}\n\n**Acme Letters Ltd.  \n12 Garden Street  \nOld Town, NY 10001**\n",
    "address": f"{P}\n\nAcme Letters Ltd.\n\nAda Lund\n\nSecond Floor Front\n\n12 Garden Street\n\nOld Town\n",
    "addresses on one line": f"{P}\n\nAcme B.V. Tuinplein 20, Oudestad 1097JB The Netherlands\n\n{Q}\n\n"
    f"Office 2, Long Lane, Old Town, Co. Dublin K78 X5P8, Ireland\n\n{Q}\n",
    "menu": "[Home](http://a.example/)\n\n[Orders](http://a.example/o)\n\n[Letters](http://a.example/l)\n\n" + P,
    "table head": f"{P}\n\n| **Kind** | **Kept for** |\n| --- | --- |\n| Letters of customers | one year and a day |\n",
    "list items": f"{P}\n\n* Letters\n* Cards\n* Parcels\n\n{Q}",
    "sentence in bold": f"**We never sell your letters to anybody, whatever they may offer us.**\n\n{P}",
    "labels of records": "".join(f"Name\n\nbox {n}\n\nPurpose\n\nto keep letters for us in\n\n" for n in range(4)),
    "a list announced in another language": "Nous gardons vos lettres et les cartes que vous nous écrivez.\n\n"
    "Il s'agit des lettres suivantes :\n\n* Les longues ;\n* Les courtes.\n\nVous pouvez nous les demander.",
    "a list in another language": f"{P}\n\nNous gardons vos lettres afin de\n\n* Les lire\n* Y répondre\n\n{Q}",
    "a list that goes on": f"{P}\n\nYou may ask us to read\n\n* your letters\n* your cards\n\n{Q}",
    "last items of lists": f"{P}\n\n* Cards\n* Letters\n\n{P}\n\n* Boxes\n* Stamps\n\n{Q}",
    "number alone": f"**2.1** {P}\n\n**2.2** {Q}",
    "copyright": f"{P}\n\nCopyright © 2004 Acme Letters\n\n{Q}",
}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS.keys())
def test_traps(text: str) -> None:
    """What only looks like a heading stays text."""
    assert outline(text) == []


def test_confidence_and_kind_say_how_sure_a_heading_is() -> None:
    """Every heading carries its style, and mark-up makes surer than words."""
    sections = read_markdown(f"## Orders\n\n{P}\n\n**Returns**\n\n{Q}\n\nGift cards. {P}\n\nOld cards. {Q}").sections

    kinds = [section.heading_kind for section in sections]
    assert kinds == ["markup", "bold", "plain-run-in", "plain-run-in"]
    assert sorted((s.confidence for s in sections), reverse=True) == [s.confidence for s in sections]


def test_document_without_headings_is_one_unsure_section() -> None:
    """A text in which nothing looks like a heading is one section without heading, with low confidence."""
    document = read_markdown(f"{P}\n\n{Q}")

    assert [len(section.clauses) for section in document.sections] == [2]
    assert document.sections[0].heading == ""
    assert document.confidence <= 0.3


def test_structure_of_foreign_sentences() -> None:
    """Where verbs are not recognised, a full stop ends a sentence and never a title."""
    text = (
        "## Turva\n\nTietojesi turvallisuus on tärkeää. Olemme ottaneet käyttöön monia suojakeinoja teitä varten.\n\n"
        * 2
    )

    assert [heading for _, _, heading in outline(text)] == ["Turva", "Turva"]


TITLES: dict[str, tuple[str, str, list[tuple[int, str]]]] = {
    "words that stand in the title of the page": (
        "Acme Tietosivu",
        f"<h2>Tietosivu</h2><p>{P}</p><p><b>1. Kirjeet</b></p><p>{Q}</p><p><b>2. Kortit</b></p><p>{Q}</p>",
        [(2, "Tietosivu"), (2, "Kirjeet"), (2, "Kortit")],
    ),
    "a smaller heading before the first section": (
        "",
        f"<h3>Charte</h3><p>{P}</p><h2>1. Lettres</h2><p>{P}</p><h3>1.1 Cartes</h3><p>{Q}</p>"
        f"<h3>1.2 Colis</h3><p>{Q}</p><h2>2. Plus</h2><p>{Q}</p>",
        [(2, "Charte"), (2, "Lettres"), (3, "Cartes"), (3, "Colis"), (2, "Plus")],
    ),
    "a title that is marked up like the sections": (
        "Acme Rules",
        f"<h2>Acme Rules</h2><h3>Who we are</h3><p>{P}</p><h2>1. Letters</h2><p>{P}</p><h3>Cards</h3><p>{Q}</p>"
        f"<h2>2. Boxes</h2><p>{Q}</p>",
        [(2, "Acme Rules"), (3, "Who we are"), (2, "Letters"), (3, "Cards"), (2, "Boxes")],
    ),
    "only one of the first level": (
        "Acme",
        f"<h1>Rules</h1><p>{P}</p><h2>Letters</h2><p>{Q}</p>",
        [(1, "Rules"), (2, "Letters")],
    ),
}


@pytest.mark.parametrize(("title", "page", "expected"), TITLES.values(), ids=TITLES.keys())
def test_title_of_the_document_stands_above_or_beside_its_sections(
    title: str, page: str, expected: list[tuple[int, str]]
) -> None:
    """The heading that names the document sinks no section, whatever its language and mark-up."""
    sections = sectionise(extract(page).blocks, title=title)

    assert [(section.level, section.heading) for section in sections if section.heading] == expected

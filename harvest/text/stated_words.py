"""Words with which a policy states its own date, by what the date means."""

from __future__ import annotations

import re

_UPDATED = (
    r"(?:last|latest|most recent(?:ly)?|date (?:of )?(?:the )?(?:last|latest|this)?|recently|was|been|were)\s+"
    r"(?:updated?|revis(?:ed|ion)|modif(?:ied|ication)|chang(?:ed|e)|amend(?:ed|ment)|review(?:ed)?|edited|reviewed)|"
    r"(?:last|date) (?:update|revision|modification|change|reviewed|edit)|updated|revised|amended|modified|"
    r"(?:revision|update|amendment|modification|version|review) date|(?<!\w)rev\.?(?=\s*[:\d])|(?<!\w)rev\.(?=\s)|"
    r"date (?:revised|updated|modified)|"
    r"updated? (?:as of|on)|(?<!\w)update(?=\s+(?:\d|(?-i:[A-Z])))|we (?:last )?(?:updated|revised|changed|"
    r"modified)|update:|revision:|"
    r"zuletzt (?:aktualisiert|geändert|überarbeitet|bearbeitet)|letzte[rns]? (?:aktualisierung|änderung|"
    r"überarbeitung|update|bearbeitung)|"
    r"(?<!\w)stand(?=\s*(?::|\(|\d|der|dieser|vom|am|januar|februar|märz|april|mai|juni|juli|august|september|"
    r"oktober|november|dezember))|"
    r"aktualisiert|geändert am|(?:fassung|version) vom|überarbeitet|aktualisierung|"
    r"derni[èe]re (?:mise [àa] jour|modification|r[ée]vision|actualisation|version)|(?:mise?|mis) [àa] jour|"
    r"actualis[ée]e?|"
    r"modifi[ée]e? (?:le|en)|version (?:du|en vigueur au)|r[ée]vis[ée]e? (?:le|en)|"
    r"(?:última|ultima) (?:actualización|actualizacion|modificación|revisión|atualização|actualização|modificação|"
    r"revisão|alteração)|"
    r"(?:actualizad|atualizad|revisad|modificad|alterad)[oa]|(?:fecha|data) de (?:la )?(?:última "
    r")?(?:actualización|revisión|atualização|modificación)|"
    r"ultim[oa] (?:aggiornamento|modifica|revisione)|aggiornat[oa]|aggiornamento|modificat[oa] (?:il|in)|versione del|"
    r"laatst(?:e)? (?:bijgewerkt|gewijzigd|aangepast|herzien|geüpdatet|update|wijziging|aanpassing|versie|"
    r"herziening)|bijgewerkt|gewijzigd op|"
    r"(?:senast|senest|sidst|sist) (?:uppdatera[dt]|ändra[dt]|reviderad|opdateret|ændret|revideret|oppdatert|"
    r"endret)|uppdatera[dt]|opdateret|"
    r"oppdatert|(?:viimeksi )?(?:päivitetty|muokattu|muutettu)|viimeisin päivitys|"
    r"ostatni(?:a|o|ej) (?:aktualizacj[ai]|zmian[ay]|modyfikacj[ai]|zaktualizowan\w*|zmienion\w*)|zaktualizowan\w*|"
    r"data (?:ostatniej )?aktualizacji|"
    r"(?:son )?güncelle(?:me|nme)(?: tarihi)?|güncellendi|son değişiklik|"
    r"(?:дата )?(?:последн\w+ )(?:обновлени\w+|изменени\w+|редакци\w+)|обновлен\w*|дата обновления|(?:в "
    r")?редакци[яи] от|"
    r"(?:poslední|naposledy) (?:aktualizace|změna|aktualizováno|změněno)|aktualizováno|(?:utolsó|legutóbbi) "
    r"(?:frissítés|módosítás)|"
    r"utoljára (?:frissítve|módosítva)|ultima (?:actualizare|modificare)|τελευταία (?:ενημέρωση|τροποποίηση)"
)
_EFFECTIVE = (
    r"effective(?: date| as of| from| on| since| beginning| starting)?|(?:takes|took|taking|take|goes|went|comes?|"
    r"came|coming|enters?|entered|be|is) "
    r"(?:in|into|in to)?\s?(?:effect|force)|in (?:effect|force) (?:as of|since|from|on)|valid (?:from|as of|since)|"
    r"date effective|"
    r"applies (?:from|as of|since)|effect(?:ive)? (?:date|from)|as of date|commencement date|"
    r"gültig (?:ab|seit|vom)|in kraft (?:seit|ab|getreten)|tritt (?:am|zum|ab)|wirksam (?:ab|seit|zum)|"
    r"inkrafttreten|gilt (?:ab|seit)|"
    r"entr[ée]e? en vigueur|en vigueur|date d['’](?:effet|entr[ée]e en vigueur|application)|"
    r"(?<!\w)[àa] compter du|applicables? (?:[àa] "
    r"(?:compter|partir)|depuis)|"
    r"(?:fecha (?:de )?)?(?:entrada en |entra en )?vigor(?: desde| a partir)?|(?:fecha de |data de (?:início de "
    r")?)?vig[eê]ncia|vigente (?:desde|a partir)|"
    r"fecha efectiva|efectiv[oa] (?:a partir|desde|el)|(?:data di )?entrata in vigore|in vigore|decorrenza|"
    r"valid[oa] dal|efficace dal|"
    r"(?:entra(?:da)? )?em vigor|válid[oa] (?:a partir|desde)|ingangsdatum|(?:geldig|van kracht|geldt) (?:vanaf|"
    r"sinds|per|met ingang)|met ingang van|"
    r"träder i ?kraft|ikraftträdande|gäller (?:från|fr\.?o\.?m)|giltig från|træder i kraft|gælder fra|gældende fra|"
    r"ikrafttrædelse\w*|trer i kraft|"
    r"gjeldende fra|gyldig fra|voimaantulo\w*|voimassa(?: alkaen)?|tulee voimaan|obowiązuj\w+ od|wchodzi w życie|"
    r"data wejścia w życie|"
    r"yürürlü[kğl]\w*(?: tarihi| girm\w+| girer| giriş)?|вступа\w+ в силу|действу\w+ с|дата вступления(?: в силу)?|"
    r"(?:platí od|platnost od|účinn\w+ od|hatályos|hatályba lép|în vigoare din)"
)
_PUBLISHED = (  # but not for the first time, which is no date of an edition
    r"(?<!first )(?<!originally )(?:last )?(?:posted|published|issued|adopted|approved|created|written)(?: on| date)?|"
    r"(?:posting|"
    r"publication|publishing|issue|release|policy|"
    r"document|version) date|date (?:posted|published|issued|of (?:issue|issuance|publication|posting))|"
    r"(?<!\w)dated?(?=\s*:)|(?<!\w)dated|version(?=\s*(?::|\d|of|from|dated))|"
    r"(?:current|accurate|correct) as of|(?<!\w)as of(?=\s*:?\s)|"
    r"veröffentlicht|erstellt|(?<!\w)datum(?=\s*:)|publi[ée]e? le|date de publication|(?<!\w)fecha(?=\s*:)|"
    r"publicad[oa]|fecha de publicación|"
    r"pubblicat[oa]|data di pubblicazione|gepubliceerd|publicera[dt]|udgivet|offentliggjort|publisert|julkaistu|"
    r"opublikowan\w*|data publikacji|"
    r"yayın(?:lanma)? tarihi|опубликован\w*|дата публикации"
)
# Scripts without spaces: these stand in the middle of a word as the pattern above sees it.
_EAST = {
    "updated": r"(?:最后|最近|最後|最新|本次|上次|最終)?(?:更新|修订|修訂|修改|改定|改訂)(?:日期|时间|時間|年月日|日)?|"
    r"최종\s*(?:업데이트|개정|수정)(?:일자?)?|(?:업데이트|개정|수정)\s*(?:일자?|날짜)",
    "effective": r"(?:生效|施行|発効|制定|实施|適用)(?:日期|时间|時間|年月日|日)?|시행\s*(?:일자?|날짜)?",
    "published": r"(?:发布|發佈|公布|公開|掲載|公示)(?:日期|时间|日)?|게시일",
}
CUES = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{west})(?![a-zß-ÿ])|{_EAST[kind]}", re.I))
    for kind, west in (("updated", _UPDATED), ("effective", _EFFECTIVE), ("published", _PUBLISHED))
)
# Every cue holds one of these: a quick look before the slow one.
_STEMS = (
    "updat revis rev. rev: rev modif chang amend review edit aktualisi geändert überarbeit bearbeit änderung stand "
    "fassung version mise mis "
    "actualis actualiz atualiz alterad révis modific alteração revisão revisión aggiorn bijgewerkt gewijzigd "
    "aangepast herzien geüpdatet wijzig aanpass "
    "uppdat ändra revider opdater ændret oppdat endret päivit muokat muutet aktualizac zmian zmienion modyfikacj "
    "zaktualiz güncel değişiklik "
    "обновл изменени редакци změna změněno frissít módosít actualizare modificare ενημέρωση τροποποίηση "
    "effect force valid applies commencement gültig kraft wirksam gilt vigueur effet compter applicable "
    "applicación vigor "
    "vig efectiv decorrenza efficace "
    "válid ingang geldig geldt träd gäller giltig træd gæld gjeldende gyldig trer voima obowiązuj wchodzi wejścia "
    "yürürl вступ действу platí platnost "
    "účinn hatály vigoare post publi issue issuance adopted approved created written release date policy "
    "document current accurate "
    "correct as of veröffentlicht erstellt "
    "datum fecha pubblicat udgivet offentlig julkais opublik yayın "
    "опубликован 更新 修 改 生效 施行 発効 制定 实施 適用 发布 發佈 公 掲載 "
    "업데이트 개정 수정 시행 게시"
).split()
# The shortest first, which most texts have; none that holds another one.
_STEMS = [stem for stem in sorted(set(_STEMS), key=len) if not any(one in stem for one in _STEMS if one != stem)]
_ASCII_STEMS = [stem for stem in _STEMS if stem.isascii()]


def may_state(text: str) -> bool:
    """False where no cue can be in *text*; cheap."""
    lower = text.lower()
    return any(map(lower.__contains__, _ASCII_STEMS if lower.isascii() else _STEMS))


# The patterns below are for text in lower case: they are compiled in a third of the time without the search for it.
# What may stand between such words and the day.
GAP = re.compile(
    r"^(?:[\s:：，、（）【】「」.,;–—\-|>*_()\[\]\"“”'’/~]|(?:on|as|of|in|was|is|are|the|date|this|and|or|about|posted|"
    r"effective|"
    r"updated|"
    r"revised|version|policy|last|"
    r"at|to|for|by|from|since|starting|beginning|(?:v(?:ersion)?\.? ?)?\d{1,2}\.\d{1,2}(?=\s)|privacy|terms|"
    r"statement|notice|reviewed|became|"
    r"mon|tues|wednes|thurs|fri|satur|sun|day|monday|tuesday|wednesday|thursday|friday|saturday|sunday|le|la|les|"
    r"du|au|en|date|depuis|compter|partir|à|a|"
    r"am|vom|ab|seit|zum|der|dem|den|dieser|datenschutzerklärung|war|el|de|del|desde|fecha|es|il|dal|al|di|em|o|"
    r"dia|data|"
    r"op|per|van|sinds|vanaf|pe|fra|från|på|d|på|alkaen|od|dnia|w|tarihi|tarihinde|itibariyle|с|от|на|г|"
    r"为|為|于|於|日期|是|年|在)(?!\w))*$",
)
# What such a date belongs to.
SUBJECT = re.compile(
    r"\b(?:this|these|our|the|current|present|above)\b.{0,60}\b(?:polic(?:y|ies)|statement|notice|terms|agreement|"
    r"conditions|"
    r"document|page|version|disclosure|guidelines?|rules|code|tos|eula|contract|provisions|information|questions|"
    r"answers)\b|"
    r"\b(?:privacy|cookies?|security) (?:policy|statement|notice|terms)\b|\bwe (?:last )?(?:updated|revised|"
    r"changed|modified)\b|"
    r"\bterms (?:of|and) \w+|\b(?:policy|statement|terms|notice) (?:was|were|is|are|has been|effective|last|"
    r"updated|dated)\b|"
    r"datenschutz|erklärung|hinweise|bedingungen|agb|richtlinie|politique|charte|conditions|mentions|présent|"
    r"pol[íi]tica|términos|condiciones|"
    r"aviso|presente|declaraci|informativa|termini|condizioni|declaração|termos|verklaring|beleid|voorwaarden|"
    r"statement|polic|villkor|vilkår|"
    r"betingelser|personvern|tietosuoja|yksityisyy|seloste|polityk|regulamin|politika|sözleşme|политик|соглашени|"
    r"услови|"
    r"政策|条款|條款|协议|協議|声明|ポリシー|方針|規約|방침|약관",
)
# Words before a day that make it somebody else's: laws, earlier versions, periods.
FOREIGN = re.compile(
    r"\b(?:act|law|regulation|directive|commission|clauses?|decision|gdpr|framework|shield|treaty|convention|"
    r"ordinance|decree|court|"
    r"gesetz|verordnung|richtlinie \(|klauseln|kommission|loi|r[èe]glement|directive|d[ée]cret|clauses|commission|"
    r"ley|reglamento|decreto|"
    r"lei|legge|regolamento|decreto|wet|verordening|lag|lov)\b[^.;:]{0,80}$|"
    r"\b(?:previous|prior|earlier|former|old(?:er)?|archived|replaces?|supersedes?|revises|until|through|expires?|"
    r"before|after|"
    r"registered|joined|signed up|born|as long as|no later than|bis zum|avant|jusqu|vorherige|fr[üu]here|ersetzt|"
    r"remplace|anterior|precedente)\b[^.;:]{0,60}$",
)

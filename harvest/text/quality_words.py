"""What error pages, walls and parked domains say, in the languages policies are written in."""

from __future__ import annotations

import re
from functools import cache

# Pages that a protection service puts before the site; the visitor is asked to prove to be human.
_CHALLENGE = (
    r"checking your browser|verif(?:y|ying) (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|i am not "
    r"a robot|"
    r"i'm not a robot|robot check|just a moment\.\.\.|one more step|enable javascript and cookies to continue|"
    r"complete the (?:security check|captcha)|security check to access|solve the captcha|enter the characters you see|"
    r"ddos protection by|pardon our interruption|needs to review the security of your connection|"
    r"please (?:wait|stand by) while we (?:verify|check)|unusual traffic from your|human verification|press (?:and|"
    r"&) hold|disable any ad ?blocker|sending automated queries|you(?:'|’| a)re not a (?:ro)?bot\b|\bkein roboter|"
    r"zeichen ein, die sie|que vous [êe]tes (?:un )?humain|s[ée]curit[ée] de votre connexion|"
    r"no (?:eres|soy|es) un robot|que eres humano|non sei un robot|n[ãa]o [ée] um rob[ôo]|geen robot|вы не робот|"
    r"ロボットではない|人机验证|安全验证|로봇이 아닙니다"
)
# Answers that refuse the visitor.
_BLOCKED = (
    r"access (?:to this (?:page|site|resource) )?(?:has been |is |was )?(?:denied|forbidden|blocked|restricted)|"
    r"you (?:have been|are|were) blocked|you don'?t have permission to access|request (?:was )?(?:blocked|"
    r"unsuccessful)|"
    r"the request could not be satisfied|incapsula incident|attention required! \| cloudflare|web application firewall|"
    r"your (?:ip|ip address|request|country|region) (?:has been|is|was) (?:blocked|denied|banned)|error 1020|"
    r"not available in your (?:country|region|location)|rate limit(?:ed)? exceeded|too many requests|"
    r"(?:zugriff|acc[èe]s|acceso|accesso) (?:verweigert|refus[ée]|interdit|denegado|negato)|"
    r"the owner of this website \(.{1,80}\) has banned|unavailable (?:due to|for) legal reasons|"
    r"access (?:to .{1,40} )?cannot be granted|excluded from the wayback machine|blocked site error"
)
# A title or first heading that says the page is not there.
_NOT_FOUND = (
    r"^\W{0,9}(?:error|http|status|fehler|erreur|erro|errore|ошибка)?\W{0,9}(?:404|410)\b|"
    r"\b404\b.{0,20}(?:error|not found|fehler|erreur)|"
    r"(?:page|file|document|article|object|content|site|url|path)s? (?:(?:was|is|could|can|has|you\b.{0,"
    r"40})\W{0,9})?(?:not|cannot|can't|no longer)\W+"
    r"(?:be )?(?:found|exist|available)|\bnot found\b|no longer (?:exists|available)|can(?:not|'t|’t) find (?:that|"
    r"the|this|your) page|"
    r"page (?:is )?(?:missing|unavailable|gone|does(?: not|n['’]t) exist)|nothing (?:was )?found|"
    r"(?:seite|datei|dokument) (?:wurde |konnte )?nicht (?:gefunden|vorhanden)|page (?:introuvable|non trouv[ée]e|"
    r"inexistante)|"
    r"p[áa]gina (?:no|n[ãa]o) (?:encontrada|existe|disponible|dispon[íi]vel)|pagina non trovata|pagina niet "
    r"gevonden|siden (?:ble |blev )?ikke fun(?:net|det)|"
    r"sidan (?:kunde inte hittas|hittades inte|finns inte)|sivua ei l[öo]ydy|nie (?:znaleziono|odnaleziono) strony|"
    r"strona nie istnieje|"
    r"sayfa bulunamad[ıi]|страница не найдена|页面不存在|找不到(?:页面|该页)|"
    r"ページが見つかりません|페이지를 찾을 수 없"
)
# Sentences of such pages.
_NOT_FOUND_TEXT = (
    r"(?:page|file|document|url|resource|link|object|address) (?:that )?(?:you|you['’](?:re|ve)|that you|was|is|"
    r"requested|has|might|may|cannot|could|does).{0,60}"
    r"(?:not be found|not found|n['’]t (?:be found|exist|available)|not (?:exist|available)|been (?:moved|removed|"
    r"deleted|renamed)|no longer|cannot be (?:found|displayed))|"
    r"(?:can(?:not|'t|’t)|could(?:n['’]t| not)|unable to) (?:find|locate) (?:the|that|this|your) (?:page|file|"
    r"document)|http error 404|"
    r"\bpages? (?:que vous|demand[ée]e).{0,40}(?:n['’]existe|introuvable|d[ée]plac[ée]e|supprim[ée]e)|"
    r"(?:gew[üu]nschte|gesuchte|angeforderte|aufgerufene)n? seite.{0,40}nicht|"
    r"p[áa]gina (?:que|solicitada|requisitada).{0,40}\bn(?:o|[ãa]o) (?:existe|se encuentra|est[áa]|foi)|"
    r"pagina (?:che|richiesta).{0,40}\bnon (?:esiste|[èe])|pagina die (?:u|je).{0,40}(?:bestaat niet|niet)|"
    r"(?:sidan|siden) (?:du|som).{0,40}(?:ikke|inte|finns ej)|страниц[аы].{0,30}не (?:найдена|существует)|"
    r"ページ(?:は|が)?.{0,6}(?:見つかりません|存在しません)|页面.{0,6}不存在|頁面.{0,6}不存在"
)
_SERVER_ERROR = (
    r"internal server error|service (?:temporarily )?unavailable|bad gateway|gateway time-?out|server error in '|"
    r"^\W{0,9}(?:error|http|status)?\W{0,9}50[0234]\b|error establishing a database connection|database "
    r"(?:connection )?error|"
    r"(?:site|website|page|we are|we're|service) (?:is )?(?:currently |temporarily )?(?:down|offline|unavailable|"
    r"under maintenance|closed) ?(?:for (?:scheduled )?maintenance)?|"
    r"scheduled maintenance|fatal error: |parse error: |mysql_(?:connect|query)|odbc .{0,30}error|microsoft ole db|"
    r"performing (?:some )?(?:scheduled )?maintenance|be (?:right )?back (?:soon|shortly)|"
    r"has not archived that url|have that page archived|"
    r"wartungsarbeiten|en maintenance|en mantenimiento|account (?:has been )?suspended|bandwidth limit exceeded|"
    r"(?:refresh|reload) (?:this|the) page (?:or|and) try again|something went wrong|etwas (?:ist )?schiefgegangen|"
    r"une erreur (?:s'est produite|est survenue)|algo (?:ha salido|salió) mal"
)
_PARKED = (
    r"domain (?:name )?(?:is |may be |might be |has been )?(?:for sale|parked|available for purchase)|buy this "
    r"domain|this domain .{0,40}for sale|"
    r"(?:is )?parked (?:free|domain|page|courtesy)|sedo(?:parking)?\b.{0,60}domain|domain parking|the domain owner "
    r"maintains no relationship|"
    r"inquire about this domain|make an offer on this domain|diese domain (?:steht|ist).{0,40}(?:verkauf|kaufen)|"
    r"domaine? (?:est )?[àa] vendre|"
    r"dominio en venta|future home of|this (?:web ?)?site is (?:coming soon|under construction)|(?:web ?site|page) "
    r"coming soon|"
    r"domain (?:name )?(?:has )?expired|registered (?:at|with) (?:godaddy|namecheap|enom|network solutions)|"
    r"apache2? (?:ubuntu|debian|centos|http server)? ?(?:default|test) page|welcome to nginx|^it works!?$|iis "
    r"windows server|"
    r"default (?:web site|plesk) page|index of /|domain default page|get this domain|\.[a-z]{2,12} is for sale\b|"
    r"for sale by its owner|\bunder construction\b|hier entsteht|im aufbau\b|noch nicht hinterlegt|"
    r"\ben construction\b|en construcci[óo]n|in costruzione|em constru[çc][ãa]o|w budowie|在建设中|工事中|準備中"
)
_NEEDS_SCRIPT = (
    r"(?:enable|activate|turn on|requires?|need(?:s)?|without|activer|activez|aktivieren|habilit|attiva|schakel|"
    r"włącz|включ)\W.{0,50}java ?script|"
    r"java ?script.{0,60}(?:enable|disabled|required|turned off|d[ée]sactiv|deaktivier|aktivier|necess|needed|to "
    r"(?:run|view|use)|habilit|ativ|uit)|"
    r"(?:unsupported|upgrade|outdated|update) (?:your )?browser|browser (?:is )?(?:not supported|out ?dated)"
)
_SENDS_ON = (
    r"(?:you (?:should|will|are)|vous (?:allez|serez)|sie werden) .{0,30}(?:redirected|redirig|weitergeleitet)|"
    r"redirecting|"
    r"(?:this page|document|object|site|we|policy)s? (?:has |have |is )?(?:permanently |temporarily )?moved|click "
    r"here if you are not|"
    r"if you are not (?:automatically )?redirected|automatically (?:redirected|forwarded)|weiterleitung|"
    r"redirection en cours"
)
# A page that lets in those it knows.
_LOGIN = (
    r"(?m)(?:sign|log) ?in to (?:your|my|continue)|please (?:sign|log) ?in|"
    r"you must (?:be|first) (?:signed|logged|log|sign)|"
    r"^(?:sign|log) ?in\W*$|anmelden|connectez-vous|s['’]identifier|iniciar sesi[óo]n|accedi al tuo|inloggen"
)
# What only the challenges of guards have in their mark-up; their other scripts stand in ordinary pages too.
_GUARDED = (
    r"_cf_chl_opt|awswafcookiedomainlist|gokuprops|captcha-delivery\.com|sucuri_cloudproxy|px-captcha|distil_r_captcha"
)
# A script that leads the visitor on at once.
_SCRIPT_SENDS_ON = (
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*=\s*[\"']([^\"']{1,300})[\"']|"
    r"location\.(?:replace|assign)\(\s*[\"']([^\"']{1,300})[\"']"
)
_COOKIE_WALL = r"cookie|кук|クッキー"
# What policies, terms and notices speak of, by language; each entry counts once. A language that is not here is never
# judged by its vocabulary.
_SUBJECTS = {
    "en": "privacy|personal (?:information|data)|personally.identif,cookie,collect,disclos,third.part,consent,"
    "opt.out|unsubscribe,"
    "polic(?:y|ies),terms (?:of|and)|these terms,liab(?:le|ilit),warrant(?:y|ies),agree,copyright|intellectual "
    "property,licen[sc]e,"
    "terminat,govern(?:ed|ing),indemnif,data protection|data controller|gdpr|ccpa,prohibit,e-?mail address,your "
    "(?:information|data|use|account|consent)",
    "de": "datenschutz,personenbezogen,cookie,erheb|verarbeit,dritte,einwillig,widerruf|widerspr,speicher,auskunft,"
    "haft(?:ung|et),nutzung,daten,dsgvo|ds-gvo,vertrag|agb,gesetz|recht",
    "fr": "confidentialit|vie privée,données,cookie|traceur,collect,traitement,tiers,consentement,conservation,"
    "droit,responsab,conditions,rgpd|cnil,finalité,utilisateur,garantie",
    "es": "privacidad,datos|información personal,cookie,recopil|recog,tratamiento,tercer,consentimiento,derecho,"
    "responsab,condiciones|términos,usuario,ley|rgpd,finalidad,política",
    "it": "privacy|riservatezza,dati,cookie,raccol,trattamento,terzi,consenso,diritt,titolare|responsab,condizioni|"
    "termini,utent,finalità,legge|gdpr,informativa",
    "pt": "privacidade,dados|informaç,cookie,colet|recolh,tratamento,terceir,consentimento,direito,responsab,"
    "termos|condições,usuário|utilizador,lei|rgpd|lgpd,finalidade,política",
    "nl": "privacy,gegevens,cookie,verzamel|verwerk,derden,toestemming,recht,verantwoordelijk,voorwaarden,gebruik,"
    "wet|avg,doel,bewaar,beleid",
    "sv": "integritet|sekretess,uppgift|information,cookie|kakor,samla,behandl,tredje,samtycke,rätt,ansvar,villkor,"
    "använd,lag|gdpr,policy,förälder|kund",
    "da": "privatliv|persondata,oplysning,cookie,indsaml,behandl,tredje,samtykke,ret,ansvar,vilkår|betingelser,"
    "brug,lov|gdpr,politik",
    "no": "personvern,opplysning,cookie|informasjonskaps,samle,behandl,tredje,samtykke,rett,ansvar,vilkår,bruk,lov|"
    "gdpr",
    "fi": "tietosuoja|yksityisyy,tieto|tiedo,eväste|cookie,kerä,käsittel,kolman,suostumu,oikeu,vastu,ehdot|ehto,"
    "käyttä,laki|gdpr",
    "pl": "prywatno,dan(?:e|ych),cookie|ciastecz,przetwarza,osob,zgod,praw,odpowiedzial,warunki|regulamin,"
    "użytkownik,rodo|ustaw,administrator",
    "tr": "gizlilik,kişisel|bilgi,çerez|cookie,topla,işle,üçüncü,onay|rıza|izin,hak,sorumlu,koşul|şart,kullan,politika",
    "ru": "конфиденциальн,персональн|данны,cookie|куки,сбор|собира,обработ,треть,согласи,прав,ответственн,услови|"
    "соглашени,пользовател,закон|политик",
    "zh": "隐私|隱私,个人信息|個人資料|個人信息,cookie,收集,使用,第三方,同意,"
    "权利|權利,责任|責任,条款|條款,用户|用戶,法律,保护|保護,信息|資料",
    "ja": "プライバシー,個人情報,cookie|クッキー,収集|取得,利用,第三者,同意,"
    "権利,責任,規約|方針|ポリシー,法令|法律,提供,目的",
    "ko": "개인정보,쿠키|cookie,수집,이용,제3자|제삼자,동의,권리,책임,약관|방침,법,제공,목적",
}


@cache
def subjects(language: str) -> tuple[re.Pattern[str], ...]:
    """The subjects of policies in a language, each a pattern; none where there is no list. Compiled when asked for.

    Those of English are for `plain_english`: a search that knows no case is ten times as fast.
    """
    flags = 0 if language == "en" else re.I
    return tuple(re.compile(one, flags) for one in _SUBJECTS.get(language, "").split(",") if one)


def plain_english(text: str) -> str:
    """Return a text in small letters; those that are i and s where case does not count, are.

    >>> plain_english("LİCENſE")
    'license'
    """
    return text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


_ABOUT_POLICY = (
    r"privacy|polic(?:y|ies)|terms|datenschutz|agb\b|nutzungsbeding|confidentialit|vie privée|données|cookie|"
    r"conditions|privacidad|privacidade|"
    r"política|condiciones|termos|riservatezza|informativa|gegevens|voorwaarden|integritet|sekretess|privatliv|"
    r"persondata|personvern|tietosuoja|"
    r"yksityisyy|prywatno|regulamin|gizlilik|конфиденциальн|персональн|соглашени|隐私|隱私|条款|協議|协议|プライバシー|個人情報|規約|"
    r"개인정보|약관|legal|notice|agreement|פרטיות|תנאי|خصوصية|شروط|απορρ[ήη]τ|προσωπικ|osobních údajů|soukromí|"
    r"adatv[ée]d|confidențialit|impressum|imprint|mentions l[ée]gales|aviso legal|note legali"
)


def __getattr__(name: str) -> re.Pattern[str]:
    """The pattern of a kind of words, compiled when asked for: most pages are policies, and few of these are needed."""
    words = globals().get(f"_{name}")
    if not isinstance(words, str):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    pattern = globals()[name] = re.compile(words, re.I)
    return pattern

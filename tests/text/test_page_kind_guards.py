"""Pages of guards, hosters and servers in many languages: what each is, though it was answered with a page."""

from __future__ import annotations

import pytest

from harvest.model import PageKind
from harvest.text.extract import extract
from harvest.text.quality import judge_page

WELCOME = "".join(
    f"<p>Our delta kite number {number} flies higher than any other and comes with fifty metres of line and a wooden "
    "reel.</p>"
    for number in range(20)
)
# name: kind, archived status, page
PAGES = {
    "cloudflare iuam": (
        PageKind.CHALLENGE,
        200,
        "<title>Just a moment...</title><div class=main-wrapper><h1>shop.example</h1><h2>Verifying you are "
        "human. This may take a few seconds.</h2><p>shop.example needs to review the security of your "
        "connection before proceeding.</p></div><noscript>Enable JavaScript and cookies to "
        "continue</noscript>",
    ),
    "cloudflare turnstile no text": (
        PageKind.CHALLENGE,
        403,
        "<title>Just a moment...</title><body class=no-js><div class=main-wrapper role=main><noscript><div "
        "class=h2>Enable JavaScript and cookies to "
        "continue</div></noscript></div><script>window._cf_chl_opt={}</script></body>",
    ),
    "cloudflare no text 200": (
        PageKind.CHALLENGE,
        200,
        "<title>Just a moment...</title><body class=no-js><div class=main-wrapper role=main><noscript><div "
        "class=h2>Enable JavaScript and cookies to "
        "continue</div></noscript></div><script>window._cf_chl_opt={}</script></body>",
    ),
    "ddos-guard": (
        PageKind.CHALLENGE,
        200,
        "<title>DDoS-Guard</title><h1>Checking your browser before accessing shop.example</h1><p>The process "
        "is automatic. Your browser will redirect to your requested content shortly.</p>",
    ),
    "perimeterx": (
        PageKind.CHALLENGE,
        200,
        "<title>Access to this page has been denied.</title><h1>Press &amp; Hold to confirm you are a human "
        "(and not a bot).</h1><p>Reference ID 1b2c</p>",
    ),
    "datadome": (
        PageKind.CHALLENGE,
        403,
        "<title>shop.example</title><p id=cmsg>Please enable JS and disable any ad blocker</p><script>var "
        "dd={}</script>",
    ),
    "datadome 200": (
        PageKind.CHALLENGE,
        200,
        "<html lang=en><head><title>shop.example</title></head><body><p id=cmsg>Please enable JS and disable "
        "any ad blocker</p><script>var dd={}</script></body>",
    ),
    "distil": (
        PageKind.CHALLENGE,
        200,
        "<title>Pardon Our Interruption</title><h1>Pardon Our Interruption...</h1><p>As you were browsing "
        "something about your browser made us think you were a bot. There are a few reasons this might "
        "happen:</p><ul><li>You are a power user moving through this website with super-human "
        "speed.</li><li>You have disabled JavaScript in your browser.</li></ul>",
    ),
    "incapsula": (
        PageKind.BLOCKED,
        200,
        '<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body><iframe '
        'src="/_Incapsula_Resource?CWUDNSAI=23&xinfo=1" frameborder=0 width="100%" height="100%">Request '
        "unsuccessful. Incapsula incident ID: 1234-5678</iframe></body></html>",
    ),
    "akamai": (
        PageKind.BLOCKED,
        403,
        "<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don't have permission to access "
        '"http&#58;&#47;&#47;www&#46;shop&#46;example&#47;privacy" on this '
        "server.<P>Reference&#32;&#35;18&#46;2d3f",
    ),
    "akamai 200": (
        PageKind.BLOCKED,
        200,
        '<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don\'t have permission to access "/privacy" on '
        "this server.<P>Reference #18.2d3f",
    ),
    "cloudfront": (
        PageKind.BLOCKED,
        403,
        "<TITLE>ERROR: The request could not be satisfied</TITLE><H1>403 ERROR</H1><H2>The request could not "
        "be satisfied.</H2><HR>Request blocked. We can't connect to the server for this app or website at "
        "this time.",
    ),
    "cloudflare 1020": (
        PageKind.BLOCKED,
        200,
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><h2>You are "
        "unable to access shop.example</h2><h2>Why have I been blocked?</h2><p>This website is using a "
        "security service to protect itself from online attacks. The action you just performed triggered the "
        "security solution.</p>",
    ),
    "geo": (
        PageKind.BLOCKED,
        451,
        "<h1>Unavailable due to legal reasons</h1><p>We recognise you are attempting to access this website "
        "from a country belonging to the European Economic Area and therefore access cannot be granted at "
        "this time.</p>",
    ),
    "geo 200": (
        PageKind.BLOCKED,
        200,
        "<title>Not available</title><h1>451: Unavailable due to legal reasons</h1><p>We recognize you are "
        "attempting to access this website from a country belonging to the European Economic Area (EEA) "
        "including the EU and therefore access cannot be granted at this time.</p>",
    ),
    "aws waf": (
        PageKind.CHALLENGE,
        200,
        "<!DOCTYPE html><html "
        'lang="en"><head><title></title><style></style><script>window.awsWafCookieDomainList=[];'
        "window.gokuProps={}</script></head><body><div "
        'id="challenge-container"></div><script>AwsWafIntegration.checkForceRefresh()</script><noscript><h1>JavaScript '
        "is disabled</h1>In order to continue, we need to verify that you're not a robot. This requires "
        "JavaScript. Enable JavaScript and then reload the page.</noscript></body></html>",
    ),
    "sucuri": (
        PageKind.CHALLENGE,
        200,
        "<title>Sucuri WebSite Firewall - Checking</title><p>You are being "
        "redirected...</p><script>/*sucuri_cloudproxy_js*/</script>",
    ),
    "sucuri denied": (
        PageKind.BLOCKED,
        200,
        "<title>Sucuri WebSite Firewall - Access Denied</title><h1>Access Denied - Sucuri Website "
        "Firewall</h1><p>If you are the site owner (or you manage this site), please whitelist your IP or if "
        "you think this block is an error please open a support ticket.</p>",
    ),
    "google sorry": (
        PageKind.CHALLENGE,
        200,
        "<title>Sorry...</title><div>We're sorry... but your computer or network may be sending automated "
        "queries. To protect our users, we can't process your request right now.</div>",
    ),
    "german": (
        PageKind.CHALLENGE,
        200,
        "<title>Einen Moment bitte</title><h2>Bitte bestätigen Sie, dass Sie kein Roboter sind</h2><p>Geben "
        "Sie die Zeichen ein, die Sie im Bild sehen.</p>",
    ),
    "french": (
        PageKind.CHALLENGE,
        200,
        "<title>Un instant…</title><h2>Vérification que vous êtes humain. Cela peut prendre quelques "
        "secondes.</h2><p>boutique.example doit vérifier la sécurité de votre connexion avant de "
        "continuer.</p>",
    ),
    "wall de": (
        PageKind.COOKIE_WALL,
        200,
        "<title>Zeitung</title><div class=cmp-wall><h2>Wir und unsere Partner verarbeiten Daten</h2><p>Mit "
        "Ihrer Einwilligung nutzen wir und unsere 238 Partner Cookies, um Informationen auf einem Gerät zu "
        "speichern und abzurufen. Sie können Ihre Einwilligung jederzeit widerrufen.</p><button>Alle "
        "akzeptieren</button><button>Einstellungen</button></div>",
    ),
    "wall fr": (
        PageKind.COOKIE_WALL,
        200,
        "<title>Journal</title><div class=didomi-host><h2>Avec votre accord</h2><p>Nos partenaires et nous "
        "utilisons des cookies pour stocker et accéder à des informations personnelles comme votre visite "
        "sur ce site. Vous pouvez retirer votre consentement à tout moment.</p><button>Accepter et "
        "fermer</button><button>En savoir plus</button></div>",
    ),
    "wall it hashed": (
        PageKind.COOKIE_WALL,
        200,
        "<title>Giornale</title><div class=x1><p>Noi e i nostri partner utilizziamo i cookie per archiviare "
        "informazioni sul tuo dispositivo e per mostrarti annunci personalizzati in base alle pagine che "
        "visiti.</p><button>Accetta tutti</button><button>Rifiuta</button></div>",
    ),
    "before you continue": (
        PageKind.COOKIE_WALL,
        200,
        "<title>Before you continue</title><form><h1>Before you continue</h1><p>We use cookies and data to "
        "deliver and maintain our services, track outages, and measure audience engagement and site "
        "statistics.</p><p>If you choose to accept all, we will also use cookies and data to develop new "
        "services and show personalised content.</p><button>Reject all</button><button>Accept "
        "all</button></form>",
    ),
    "sedo": (
        PageKind.PARKED,
        200,
        "<title>kites.example - This website is for sale! - kites Resources and "
        "Information.</title><p>kites.example is your first and best source for information about kites. "
        "Here you will also find topics relating to issues of general interest. We hope you find what you "
        "are looking for!</p><p>The domain kites.example may be for sale by its owner!</p>",
    ),
    "godaddy 2022": (
        PageKind.PARKED,
        200,
        "<title>kites.example</title><h1>Get this domain</h1><p>kites.example is parked free, courtesy of "
        "Registrar.</p>",
    ),
    "hugedomains": (
        PageKind.PARKED,
        200,
        "<title>Kites.example is for sale | Big Domains</title><h1>Kites.example is for sale</h1><p>Buy now: "
        "$2,895</p><p>Take immediate ownership. Safe and secure shopping.</p>",
    ),
    "under construction 1998": (
        PageKind.PARKED,
        200,
        "<title>Welcome</title><center><img src=worker.gif><h1>Under Construction</h1><p>This page is under "
        "construction. Please come back soon!</center>",
    ),
    "de construction": (
        PageKind.PARKED,
        200,
        "<title>Baustelle</title><h1>Hier entsteht eine neue Internetpräsenz</h1><p>Diese Seite befindet "
        "sich im Aufbau.</p>",
    ),
    "expired": (
        PageKind.PARKED,
        200,
        "<title>Domain expired</title><p>This domain has expired. If you are the owner, please renew it.</p>",
    ),
    "strato": (
        PageKind.PARKED,
        200,
        "<title>kites.example</title><p>Diese Domain ist nicht erreichbar. Diese Internetpräsenz wurde bei "
        "einem Anbieter registriert, sie ist noch nicht hinterlegt.</p>",
    ),
    "plesk": (
        PageKind.PARKED,
        200,
        "<title>Domain Default page</title><h1>Domain Default page</h1><p>If you see this page after "
        "rebooting, the domain has no web site yet.</p>",
    ),
    "en": (
        PageKind.SOFT_404,
        200,
        "<title>Oops! That page can’t be found. – Kites</title><h1>Oops! That page can’t be found.</h1><p>It "
        "looks like nothing was found at this location. Maybe try one of the links below or a search?</p>",
    ),
    "es": (
        PageKind.SOFT_404,
        200,
        "<title>Página no encontrada</title><h1>¡Vaya!</h1><p>La página que busca no existe o ha cambiado de "
        "dirección.</p>",
    ),
    "fr text": (
        PageKind.SOFT_404,
        200,
        "<title>Ma boutique</title><h1>Oups</h1><p>La page que vous recherchez n'existe pas ou a été "
        "déplacée.</p><a href=/>Retour</a>",
    ),
    "de text": (
        PageKind.SOFT_404,
        200,
        "<title>Mein Laden</title><h1>Hoppla!</h1><p>Die gewünschte Seite existiert leider nicht mehr. Bitte "
        "prüfen Sie die Adresse.</p>",
    ),
    "it text": (
        PageKind.SOFT_404,
        200,
        "<title>Negozio</title><h1>Ops!</h1><p>La pagina che stai cercando non esiste più o è stata spostata.</p>",
    ),
    "pt": (
        PageKind.SOFT_404,
        200,
        "<title>Loja</title><h1>Erro 404</h1><p>A página que você procura não foi encontrada.</p>",
    ),
    "nl": (
        PageKind.SOFT_404,
        200,
        "<title>Winkel</title><h1>Pagina niet gevonden</h1><p>De pagina die u zoekt bestaat niet.</p>",
    ),
    "ru": (
        PageKind.SOFT_404,
        200,
        "<title>404</title><p>Запрашиваемая страница не найдена. Возможно, она была удалена.</p>",
    ),
    "ja": (
        PageKind.SOFT_404,
        200,
        "<title>店</title><p>お探しのページは見つかりませんでした。</p>",
    ),
    "zh": (
        PageKind.SOFT_404,
        200,
        "<title>商店</title><p>抱歉，您访问的页面不存在或已被删除。</p>",
    ),
    "ko": (
        PageKind.SOFT_404,
        200,
        "<title>가게</title><p>요청하신 페이지를 찾을 수 없습니다.</p>",
    ),
    "pl": (
        PageKind.SOFT_404,
        200,
        "<title>Sklep</title><h1>Nie znaleziono strony</h1><p>Przepraszamy, strona nie istnieje.</p>",
    ),
    "ie": (
        PageKind.SOFT_404,
        200,
        "<title>The page cannot be found</title><h1>The page cannot be found</h1><p>The page you are looking "
        "for might have been removed, had its name changed, or is temporarily unavailable.</p><hr><p>Please "
        "try the following:</p><ul><li>If you typed the page address in the Address bar, make sure that it "
        "is spelled correctly.</li></ul><h2>HTTP 404 - File not found<br>Internet Information Services</h2>",
    ),
    "react": (
        PageKind.SHELL,
        200,
        "<title>App</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
    ),
    "vue": (
        PageKind.SHELL,
        200,
        "<title>App</title><noscript><strong>We're sorry but kites doesn't work properly without JavaScript "
        "enabled. Please enable it to continue.</strong></noscript><div id=app></div>",
    ),
    "angular": (
        PageKind.SHELL,
        200,
        "<title>Kites</title><app-root>Loading...</app-root><script src=main.js></script>",
    ),
    "loading fr": (
        PageKind.SHELL,
        200,
        "<title>Santé</title><div id=root><p>Chargement en cours ...</p></div>",
    ),
    "empty": (
        PageKind.SHELL,
        200,
        "<html><head><title></title></head><body></body></html>",
    ),
    "browser old": (
        PageKind.SHELL,
        200,
        "<title>Kites</title><h1>Your browser is not supported</h1><p>Please upgrade your browser to use "
        "this site.</p>",
    ),
    "object moved": (
        PageKind.STUB,
        200,
        "<head><title>Object moved</title></head><body><h1>Object Moved</h1>This object may be found <a "
        'HREF="/privacy/en">here</a>.</body>',
    ),
    "301 text": (
        PageKind.STUB,
        200,
        "<html><head><title>301 Moved Permanently</title></head><body><h1>Moved Permanently</h1><p>The "
        'document has moved <a href="https://x.example/privacy">here</a>.</p></body></html>',
    ),
    "js redirect": (
        PageKind.STUB,
        200,
        '<html><head><script>window.location="/en/privacy"</script></head><body>Redirecting...</body></html>',
    ),
    "js redirect silent": (
        PageKind.STUB,
        200,
        ""
        '<html><head><script>window.location.replace("https://x.example/en/privacy");</script></head><body></body></html>',
    ),
    "frameset": (
        PageKind.STUB,
        200,
        '<html><frameset cols="20%,80%"><frame src=menu.html><frame src=policy.html></frameset></html>',
    ),
    "choose country": (
        PageKind.STUB,
        200,
        '<meta http-equiv=refresh content="0;url=/en/"><title>x</title><p>Choose your country</p>',
    ),
    "503": (
        PageKind.ERROR,
        503,
        "<h1>503 Service Unavailable</h1>",
    ),
    "php": (
        PageKind.ERROR,
        200,
        "<b>Fatal error</b>: Uncaught Error: Call to undefined function mysql_connect() in /home/x/index.php:3",
    ),
    "db": (
        PageKind.ERROR,
        200,
        "<title>Database Error</title><h1>Error establishing a database connection</h1>",
    ),
    "asp": (
        PageKind.ERROR,
        200,
        "<title>Runtime Error</title><h1>Server Error in '/' Application.</h1><h2><i>Runtime "
        "Error</i></h2><p>Description: An application error occurred on the server. The current custom error "
        "settings for this application prevent the details of the application error from being viewed "
        "remotely.</p>",
    ),
    "maintenance": (
        PageKind.ERROR,
        200,
        "<title>Kites</title><h1>We’ll be back soon!</h1><p>Sorry for the inconvenience, but we’re "
        "performing some maintenance at the moment.</p>",
    ),
    "suspended": (
        PageKind.ERROR,
        200,
        "<title>Account Suspended</title><h1>This Account has been suspended.</h1><p>Contact your hosting "
        "provider for more information.</p>",
    ),
    "bandwidth": (
        PageKind.ERROR,
        200,
        "<title>509 Bandwidth Limit Exceeded</title><h1>Bandwidth Limit Exceeded</h1><p>The server is "
        "temporarily unable to service your request due to the site owner reaching his/her bandwidth "
        "limit.</p>",
    ),
    "wayback missing": (
        PageKind.ERROR,
        200,
        "<title>Internet Archive Wayback Machine</title><h1>Hrm.</h1><p>The Wayback Machine has not archived "
        "that URL.</p><p>This page is not available on the web because page does not exist.</p>",
    ),
    "wayback excluded": (
        PageKind.BLOCKED,
        200,
        "<title>Internet Archive Wayback Machine</title><h1>Sorry.</h1><p>This URL has been excluded from "
        "the Wayback Machine.</p>",
    ),
    "wayback down": (
        PageKind.ERROR,
        200,
        "<title>Internet Archive: Error</title><h1>Wayback Machine doesn't have that page archived.</h1>",
    ),
    "login": (
        PageKind.OTHER,
        200,
        "<title>Sign in - Kites</title><h1>Sign in to your account</h1><form><p>Please enter your e-mail "
        "address and your password to continue.</p><label>E-mail</label><input "
        "name=e><label>Password</label><input type=password name=p><button>Sign in</button><a "
        "href=/forgot>Forgot password?</a></form>",
    ),
    "home page": (
        PageKind.OTHER,
        200,
        "<title>Kites - Home</title><h1>Welcome to Kites</h1>" + WELCOME,
    ),
}


@pytest.mark.parametrize(("kind", "status", "html"), PAGES.values(), ids=PAGES.keys())
def test_pages_that_are_no_policy_are_named(kind, status, html):
    """Each is told from a policy and from the others, with a reason in words."""
    found, reason = judge_page(extract(html), status=status)

    assert (found, bool(reason)) == (kind, True)

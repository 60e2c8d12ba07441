"""Whether a line speaks as policies do: of what "we" and "you" may do with data, accounts, content and rights.

A list of words, not a model: it must give the same answer on any machine, and be read by whoever doubts one. It is used
to protect a line from being taken for the page's, never to call one noise by itself.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

Speech = Literal[0, 1, 2]
"""0: not in the words of policies. 1: may be one. 2: who does what to whom, in their words."""

SPOKEN = frozenset(("en", "de", "fr", "es", "pt", "it", "nl", ""))
"""The languages whose words are known. In another one a line that does not speak may be the policy's. Of a page that
is nothing but labels no language is known either (''): what does not speak there says nothing in any."""

_FIRST = frozenset(
    "we our ours us wir uns unser unsere unserer unseren unserem nous nos notre nosotros nuestro nuestra nuestros"
    " nuestras nós nosso nossa nossos nossas noi nostro nostra nostri nostre wij ons onze".split()
)
_SECOND = frozenset(
    "you your yours sie ihre ihrer ihren ihrem ihr vous vos votre usted ustedes su sus você vocês seu sua seus suas"
    " voi vostro vostra tuo tua tuoi u uw je jouw".split()
)
_BINDING = frozenset(
    "may must shall agree can cannot consent dürfen darf müssen muss pouvez devez puede debe pode deve può moet"
    " mag".split()
)
_WORDS = frozenset(
    # English
    "privacy policy policies personal personally information data cookie cookies collect collects collected"
    " collecting collection disclose discloses disclosed disclosing disclosure disclosures shared shares sharing"
    " sell sold consent consents terms agree agrees agreed agreement agreements right rights law laws legal legally"
    " liable liability warranty warranties warrant shall may must user users account accounts provider providers"
    " party parties opt applicable process processes processed processing purpose purposes provide provides provided"
    " providing request requests requested requesting children advertising advertiser advertisers affiliate"
    " affiliates affiliated secure security protect protects protected protecting protection retain retains retained"
    " retention delete deletes deleted deletion access accessed accessing registration register registered submit"
    " submits submitted receive receives received identify identifies identifiable identified identifier identifiers"
    " permit permits permitted prohibit prohibits prohibited require requires required transmit transmits"
    " transmitted transfer transfers transferred subscriber subscribers subscription content property trademark"
    " trademarks copyright copyrights intellectual license licenses licensed licence responsible responsibility"
    " responsibilities violate violates violated violation violations terminate terminates terminated termination"
    " modify modifies modified modification notice statement effective email emails guidelines unlawful illegal"
    " infringe infringes infringing infringement abusive harass harassment harassing impersonate refund refunds"
    " arbitration dispute disputes jurisdiction damages indemnify prevail obligations remedies governed pursuant"
    " hereby thereof"
    # German
    " datenschutz datenschutzerklärung daten personenbezogene personenbezogenen personenbezogener informationen"
    " erheben erhoben erhebung verarbeiten verarbeitet verarbeitung einwilligung zustimmen zustimmung nutzer nutzung"
    " nutzen nutzungsbedingungen dritte dritten weitergabe weitergegeben weitergeben zweck zwecke zwecken recht"
    " rechte gesetz gesetze gesetzlich gesetzlichen speichern gespeichert speicherung löschen gelöscht löschung"
    " auskunft widerruf widersprechen haftung haften vertrag bedingungen dürfen darf müssen muss werbung anbieter"
    " konto vereinbarung verpflichtet richtlinie richtlinien"
    # French
    " confidentialité données personnelles personnel informations collecte collectons collecter collectées utilisons"
    " utiliser utilisation utilisateur utilisateurs tiers partager partageons consentement conditions droit droits"
    " loi lois finalités traitement traiter conserver conservation conservons supprimer sécurité règles compte"
    " politique acceptez accepter publicité fournir fournissez fournies"
    # Spanish, Portuguese
    " privacidad datos personales información recopilamos recopilar recopilada recopilación utilizamos utilizar uso"
    " usuario usuarios terceros compartir compartimos consentimiento condiciones términos derecho derechos ley leyes"
    " finalidad finalidades tratamiento conservar eliminar seguridad cuenta política acepta aceptar publicidad debe"
    " puede privacidade dados pessoais informações coletamos coletar coletadas recolhemos coleta usamos usuário"
    " usuários utilizador utilizadores compartilhar compartilhamos partilhar consentimento condições termos direito"
    " direitos lei leis finalidade tratamento excluir segurança conta aceita publicidade deve pode"
    # Italian, Dutch
    " dati personali informazioni raccogliamo raccogliere raccolta utilizziamo utilizzare utilizzo utente utenti"
    " terzi condividere condividiamo consenso condizioni termini diritto diritti legge finalità trattamento"
    " cancellare sicurezza informativa politica accetta accettare pubblicità può privacybeleid persoonsgegevens"
    " gegevens informatie verzamelen verzameld verwerken verwerking verwerkt gebruiken gebruik gebruiker gebruikers"
    " derden toestemming voorwaarden rechten wet doeleinden bewaren verwijderen beveiliging akkoord mag moet".split()
)
_SENTENCE_WORDS = 8  # a shorter line is a label, unless it is ended as a sentence
_SHORT_WORDS = 4
_TELLING = 3
_TELLING_SHORT = 2
_BOUND = 4


def speech_of(words: Set[str], count: int, *, ended: bool) -> Speech:
    """Return how a line of *count* words speaks. *words*: folded ones, each once; *ended*: as sentences are.

    >>> speech_of(set("we may share your personal data with affiliates".split()), 8, ended=True)
    2
    >>> speech_of(set("just enter promo code at checkout and save on spring shoes".split()), 11, ended=True)
    0
    """
    if count < (_SHORT_WORDS if ended else _SENTENCE_WORDS):
        return 0
    told = len(_WORDS & words)
    persons = bool(_FIRST & words), bool(_SECOND & words)
    if told >= _BOUND and (persons[0] or (persons[1] and _BINDING & words)):
        return 2
    telling = _TELLING if count >= _SENTENCE_WORDS else _TELLING_SHORT
    return 1 if told + any(persons) >= telling else 0

"""How machines call themselves, and how they begin a letter. Tables for `inbound_email.automatic`; in small letters."""

import re

from inbound_email.phrases import any_of

# The part before the @.
DAEMON = re.compile(
    any_of(
        r"""
        mailer-?daemon | mail-?daemon | mdaemon\b | mail[._-]?delivery | microsoftexchange[0-9a-f]{8}
        mail[._-]?system\b
        double-bounce
        """
    )
)
POSTMASTER = re.compile(r"post[._-]?master|mail[._-]?admin(?:istrator)?")
# Boxes of programs, and of offices that programs write from.
OFFICE = re.compile(
    r"admin|^root$|bounces?(?:[._+-]|$)|(?:^|[._-])(?:mail|smtp|server|system|gateway|router)(?:[._-]|$)"
    r"|listserv|majordomo|mailman|owner-|-owner|-request"
)
NO_REPLY = re.compile(
    r"(?:no|do-?not|ne[._-]?pas|nicht)[._-]?(?:reply|respond|repondre|antworten)|no[._-]?(?:responder|contestar)"
)
DAEMON_NAME = re.compile(
    any_of(
        """
        mail delivery (?:sub)?system | mail(?:er)?[ -]?daemon | mail delivery | postmaster | system administrator
        administrateur système | content-filter | mimecast
        internet mail delivery | sous-système de remise | delivery subsystem
        """
    )
)
# How the subject of a report begins; « RE: » or « TR: » before it means that a person is answering or showing one.
BOUNCE_SUBJECT = re.compile(
    r"(?:\W{0,3}(?:warning|avertissement)\W{1,3})?"
    + any_of(
        r"""
        undeliver | un-?deliver | non[- ]?deliver | not deliverable | unable to deliver | could not
        delivery (?:status )?(?:notification|failure|failed|problem|report|error|delay|incomplete|has failed)
        mail (?:delivery|could not|not delivered|failed|failure|system error|returned|status|undeliverable)
        e-?mail (?:not delivered|could not|delivery) | returned (?:mail|message|to sender)
        failure (?:notice|delivery) | failed (?:delivery|mail) | permanent (?:delivery )?failure | permanent delivery
        message (?:delivery|status|not delivered|undeliverable|could not|delayed|rejected|you sent blocked)
        message (?:\S{1,60} delayed|from .{0,60}delayed|from .{0,40}daemon)
        your (?:message|e?-?mail) (?:to .{0,80}(?:could not|not)|could|was not|has not|has been rejected|.{0,80} not be)
        error (?:sending|delivering) | there was an error sending | automatically rejected | rejected | delayed
        (?:problem|error|trouble) (?:with|in|delivering)\b.{0,30}\bmail | mail error | system error
        address not found
        (?:dsn|ndn|ndr|notice)\s?: | user unknown | unknown (?:user|recipient) | recipient unknown | blocked
        e?-?mail rejected
        status of your mail | nachricht (?:konnte )?nicht | rücksendung | fehler bei der zustellung
        notificación sobre el estado | notifica(?:ção|zione) | mancata consegna | status da entrega | zwrócona
        wiadomość nie | nedoručitelná | doručení | problème (?:de|lors de la) (?:remise|distribution)
        non-?remis | non[- ]distribu | non[- ]délivr | message non | notification d'état | [ée]chec d
        remise (?:retardée|différée) | retard de | rapport de (?:non[- ])?remise
        votre (?:message|courriel|e-?mail) .{0,60}(?:n'a pas|non|pas pu|retard)
        (?:courriel|courrier|mail|message) (?:non|rejeté|retourné|refusé|bloqué|retardé) | rejeté
        retour de (?:courrier|mail)
        avis de non[- ] ?(?:remise|livraison|distribution) | notification d'échec | boîte .{0,20}pleine
        adresse .{0,40}(?:introuvable|inconnue)
        unzustellbar | nicht zustellbar | zustellung | fehlgeschlagen | onbestelbaar | niet bestelbaar
        no se (?:puede|pudo) entregar | no entregado | mensaje no | impossibile recapitare | mancato recapito
        não (?:entregue|é possível) | ваше сообщение не | недоставлен | не доставлено | не уда[её]тся доставить
        non recapitabile | recapito non riuscito | niedostarczon | nie można dostarczyć | nedoručiteln | nelze doručit
        kan inte levereras | går inte att leverera | kan ikke leveres | kunne ikke leveres | ikke leveret
        toimitus epäonnistui | ei voi(?:tu)? toimittaa | kézbesíthetetlen | teslim edilem | не вдалося доставити
        δεν ήταν δυνατή η παράδοση | μη παραδοτέ | nelivrabil | nu poate fi livrat | kan niet worden bezorgd
        considered unsolicited
        送信エラー | 配信 | メッセージを配信できません | 系统退信 | 退信 | 无法送达 | 未送达 | 未傳遞
        배달되지 않음 | 반송
        """
    )
)
COMPLAINT_SUBJECT = re.compile(r"complaint about message from |abuse report|e?-?mail feedback report")
# What a letter says that reports a failure, beside its code.
BOUNCE_WORDS = re.compile(
    any_of(
        """
        could not be delivered | couldn't be delivered | undeliver | not (?:be )?delivered | unable to deliver
        delivery (?:has )?failed | did not reach | user unknown | unknown user
        no such (?:user|recipient|domain|mailbox)
        (?:can't|cannot|could not) (?:be )?deliver | was (?:not delivered|rejected|blocked)
        has been (?:rejected|blocked)
        address (?:not found|error|unknown) | unrout(?:e)?able | delivery (?:failure|to the following) | over quota
        (?:host|domain|recipient) (?:unknown|not found) | account .{0,20}disabled | not listed in | not a valid
        failed recipient
        invalid (?:user|recipient|mailbox) | does(?: not|n't) exist
        mailbox (?:is )?(?:full|unavailable|not found|disabled)
        recipient (?:address )?rejected | permanent (?:fatal )?error | returned to (?:the )?sender | quota
        n'a (?:pas )?pu être (?:remis|délivré|distribué|acheminé|livré|transmis|envoyé)
        n'a pas (?:été|encore été) (?:remis|délivré|distribué|acheminé|livré|transmis) | non (?:remis|délivré|distribué)
        (?:n'avons|n'ai) (?:malheureusement )?pas pu (?:remettre|délivrer|distribuer|acheminer|livrer|envoyer)
        impossible de (?:joindre le|remettre|délivrer|distribuer|livrer) | (?:utilisateur|destinataire) inconnu
        destinataire introuvable | adresse (?:inconnue|introuvable|n'existe pas) | n'existe pas
        boîte (?:aux lettres |de réception )?(?:est |de .{0,60})?(?:pleine|désactivée)
        échec de la (?:remise|distribution|livraison) | nicht zugestellt | unzustellbar
        no se (?:pudo|ha podido) entregar | kan niet worden bezorgd | impossibile recapitare | não foi possível entregar
        nie można dostarczyć | kunde inte levereras | kunne ikke leveres | nelze doručit | не было доставлено
        delivery of the e-?mail was stopped | message rejected
        a été (?:automatiquement )?(?:bloqué|rejeté|refusé) (?:par|:)
        """
    )
)
# How the subject of an automatic answer begins.
AUTO_SUBJECT = re.compile(
    any_of(
        r"""
        r[ée]ponse auto(?:matique)?\b | message automatique\W | automatic (?:reply|response|answer) | autoreply
        auto[- ]?(?:reply|response|answer|mated) | out[- ]of[- ](?:the[- ])?office(?! hours) | auto\s?: re\b | ooo\b
        (?:message|réponse|notification|avis) d'absence
        abwesenheitsnotiz | automatische antwort | automatisch | respuesta automática | risposta automatica
        resposta automática | automatisch antwoord | autosvar | automatiskt svar
        (?:non )?lu\s?: | read\s?: | not read\s?: | gelesen\s?: | leído\s?: | letto\s?:
        """
    )
)
# That of an acknowledgement; people write such letters too.
ACKNOWLEDGING_SUBJECT = re.compile(
    any_of(
        r"""
        accus[ée] (?:de )?r[ée]ception | acknowledg | we have received | confirmation de réception
        nous avons (?:bien )?reçu | votre demande a (?:bien )?été | ticket (?:created|received)
        votre (?:message|mail|courriel|e-?mail) a bien
        [^\]]{1,30}\] ?(?:nous avons (?:bien )?reçu|votre demande|we have received|ticket)
        """
    )
)
# That of who is away, as people write too: nothing but that, or that before the subject of the mail that is answered.
AWAY_SUBJECT = re.compile(
    any_of(
        r"""
        away (?:from|until).{0,40} | on (?:vacation|holiday|leave) | vacation | auto | absence | absente? | absent\(e\)
        je suis (?:absente?|en congés?) | (?:en )?congés? | abwesen(?:d|heit)
        """
    )
    + r"(?: (?:du bureau|de [\w' -]{3,40}|jusqu'au .{1,20}))?(?: ?[:(\[–-].*| re ?:.*)?"
)
# What an automatic answer says of itself, and nobody else.
AUTO_WORDS = re.compile(
    any_of(
        r"""
        (?:message|réponse|courriel|e-?mail|mail) automatique | envoyé automatiquement | généré automatiquement
        ne (?:pas|peut|pouvez pas) y? ?répondre | ne pas répondre à (?:ce|cet)
        automat(?:ic|ed) (?:reply|message|response|e-?mail) | automatically generated | do not reply
        please don't reply | auto-?generated
        a (?:bien )?été (?:enregistrée?|reçue?|prise? en compte) | accusons réception | a bien été lu
        was (?:read|displayed)
        """
    )
)
# What who is away says, by a program or not.
AWAY_WORDS = re.compile(
    any_of(
        r"""
        (?:je suis|suis|serai|est) (?:actuellement )?(?:absente?|en congés?|en vacances|hors du bureau)
        actuellement (?:absent|en congé|indisponible) | absent(?:e|\(e\))? (?:du|jusqu|de mon|pour|et)
        out of (?:the )?office | on (?:vacation|annual leave|holiday|leave)
        (?:i am|i'm|i will be) (?:currently )?(?:away|out) | nicht im büro | fuera de la oficina
        """
    )
)

"""What mail programs write around a quoted mail, in the languages they are translated into.

Tables only. Each word is one that a program writes: the translations of Outlook, Gmail, Apple Mail, Thunderbird, Yahoo,
Zimbra, Samsung's and Microsoft's apps. Compared in small letters, as `inbound_email.lines.comparable` makes them.
"""

import re
from enum import StrEnum

from inbound_email.phrases import any_of, phrases


class Role(StrEnum):
    """What a header line above a quoted mail tells."""

    FROM = "from"
    TO = "to"
    DATE = "date"
    SUBJECT = "subject"
    OTHER = "other"


_NAMES = {
    Role.FROM: """
        from | de | von | da | van | od | fra | från | lähettäjä | kimden | gönderen | от | от кого | отправитель
        від | від кого | από | de la | expeditor | feladó | من | المرسل | מאת | 发件人 | 發件人 | 寄件者
        寄件人 | 差出人 | 送信元
        送信者 | from 差出人 | 보낸 사람 | 보낸사람 | 발신 | từ | người gửi | expéditeur | remitente
        mittente | absender
        afzender | nadawca | odesílatel | odosielateľ | remetente | avsender | avsändare | afsender | pošiljatelj
        šalje | saatja | no | nuo | dari | จาก | emetteur | émetteur | email from
    """,
    Role.TO: """
        to | à | a | pour | an | para | aan | do | komu | til | till | vastaanottaja | kime | alıcı | кому | до
        получатель | προς | către | catre | destinatar | címzett | إلى | الى | אל | 收件人 | 收件者 | 宛先
        받는 사람 | 받는사람
        수신 | đến | tới | người nhận | destinataire | destinataires | destinatario | destinatari | empfänger
        ontvanger | adresat | destinatário | mottagare | modtager | mottaker | prima | za | kam | kepada | ถึง
        send to | à destination de
    """,
    Role.DATE: """
        date | sent | sent at | date sent | envoyé | envoyé le | envoye | envoyée | date d'envoi | date et heure
        reçu | message du | gesendet | gesendet am | datum | inviato | inviato il | inviata | data | data invio
        enviado | enviado el | enviado em | enviada | enviada em | enviado a las | fecha | fecha de envío
        verzonden | verzonden op | wysłano | wysłane | odesláno | odoslané | odoslaná | dátum | sendt | sendt den
        dato | skickat | skickades | lähetetty | päivä | päivämäärä | päiväys | gönderildi | tarih | gönderme tarihi
        gönderim tarihi | дата | отправлено | время | надіслано | відправлено | στάλθηκε | ημερομηνία | εστάλη
        trimis | trimise | trimis la | elküldve | küldve | تم الإرسال | تاريخ الإرسال | التاريخ | أرسلت | أرسل
        נשלח | תאריך | 发送时间 | 发送日期 | 日期 | 時間 | 时间 | 寄件日期 | 傳送時間 | 傳送日期 | 送信日時
        日時 | 日付 | 送信 | 날짜 | 보낸 날짜 | 보낸날짜
        전송 | 발송 | ngày | đã gửi | đã gửi lúc | gửi | poslano | poslato | saadetud | nosūtīts | išsiųsta | dikirim
        tanggal | วันที่ | ส่ง | le
    """,
    Role.SUBJECT: """
        subject | objet | sujet | betreff | oggetto | asunto | assunto | onderwerp | temat | předmět | predmet
        emne | ämne | rubrik | aihe | otsikko | konu | тема | θέμα | subiect | tárgy | الموضوع | موضوع | נושא | 主题
        主題 | 主旨 | 标题 | 件名 | 題名 | 제목 | chủ đề | tiêu đề | naslov | teema | tēma | tema | subjek
        perihal | เรื่อง
        re
    """,
    Role.OTHER: """
        cc | cci | bcc | copie | copie à | cc à | kopie | kopie an | kopia | kopi | kopi til | copia | cópia
        copia per conoscenza | dw | udw | répondre à | réponse à | reply-to | reply to | responder a | antwort an
        antwoord aan | risposta | rispondi a | importance | priorité | priority | wichtigkeit | importancia
        importanza | prioriteit | pièces jointes | pièce jointe | pièce(s) jointe(s) | attachments | attachment
        anlagen | anlage | allegati | allegato | adjuntos | datos adjuntos | archivos adjuntos | anexos | bijlage
        bijlagen | załączniki | přílohy | vedlagt | vedlegg | bilagor | bifogade filer | liitteet | ekler | вложения
        копия | копія | 抄送 | 副本 | 密送 | 附件 | 添付ファイル | 참조 | 첨부 | נ | נ: | נסתר | عותק | נ''
        עותק | نسخة | نسخة إلى
        المرفقات | bilaga | bilag | kópia | másolat | κοιν | κοιν. | κοινοποίηση | bilgi | kopya | đồng kính gửi
        organization | organisation | mailing list | list | newsgroups | message-id | x-mailer | sensitivity
        categories | catégories | suivi par | resent-from | resent-to | sent by | envoyé par | mailed-by | signed-by
    """,
}
HEADER_NAMES: dict[str, Role] = {name: role for role, names in _NAMES.items() for name in phrases(names)}

# « … wrote », at the end of the line that announces a quote, or before the name.
_WROTE = any_of(
    r"""
    het volgende geschreven | schreef het volgende | a écrit ce qui suit | wrote the following | a következőt írta
    hat geschrieben | написав\(-ла\) | følgende skrev | έγραψε τα εξής | je napisao\/la | şunları yazdı
    написал\(а\) | a écrit ceci | napisał\(a\) | napísal\(a\) | geschrieben | has written | napsal\(a\)
    idatzi zuen | va escriure | ha scritto | ha escrito | geschreven | je napisao | şunu yazdı | napisał\/a
    napisao je | كتب ما يلي | ha scrittu | ha escrit | kirjoitti | napisała | ezt írta | escribía | написала
    schreibt | rakstīja | escribio | napísala | skrifaði | kirjutas | escreveu | napisala | escribió | scrisse
    napsala | scritto | à écrit | написав | đã viết | skriver | schreef | napisał | schrieb | menulis | a scris
    napísal | napisao | написал | a ecrit | a écrit | writes | написа | skreiv | כתב\/ה | έγραψε | napsal | parašė
    pisze | yazdı | écrit | skrev | wrote | пишет | כתב/ה | пише | كتبت | viết | írta | piše | כתבה | rašė | כתב
    كتب
    """
)
_WROTE_CJK = any_of(
    """
    写道 | 寫道 | 写了 | 写到 | さんは書きました | は書きました | が書きました | さんが書いた
    さんのメッセージ | のメール
    님이 작성 | 작성 | 님이 씀 | 썼습니다
    """
)
WROTE = re.compile(rf"(?<![\w'])(?:{_WROTE})(?!\w)|{_WROTE_CJK}")

# How the line that announces a quote begins, when it doesn't begin with its date or with a name.
OPENERS = frozenset(
    phrases(
        """
        on | le | at | in | am | um | op | den | el | il | em | a | à | dne | dňa | dana | w dnia | no | på
        στις | στισ
        în | pe | la | v | в | у | los | 于 | 於 | 在 | vào | lúc | ngày | the | data | tarihinde | בתאריך
        ב- | ביום | في
        بتاريخ | vom | w | dnia
        """
    )
)

# A rule with these words in it stands above the quoted mail: -----Message d'origine-----
ORIGINALS = re.compile(
    any_of(
        """
        ^original$ | original message | original e-?mail | original appointment | reply message | message d'origine
        message original | mail original | courriel original | e-?mail d'origine | message initial | message précédent
        courrier original | courrier d'origine | ursprüngliche nachricht | originalnachricht | original-?nachricht
        ursprungsnachricht | original mail | antwort nachricht | mensaje original | messaggio originale
        messaggio di origine | mensagem original | oorspronkelijk bericht | origineel bericht | wiadomość oryginalna
        oryginalna wiadomość | původní zpráva | pôvodná správa | originalmeddelande | ursprungligt meddelande
        oprindelig meddelelse | oprindelig besked | opprinnelig melding | original melding | opprinneleg melding
        alkuperäinen viesti | исходное сообщение | оригинальное сообщение | исходное письмо | початкове повідомлення
        оригінальне повідомлення | вихідне повідомлення | αρχικό μήνυμα | mesaj original | mesajul original
        eredeti üzenet | eredeti levél | orijinal mesaj | özgün ileti | orijinal ileti | asıl ileti | الرسالة الأصلية
        ההודעה המקורית | הודעה מקורית | 原始邮件 | 原邮件 | 原始郵件 | 原始信件 | 邮件原件 | 元のメッセージ
        オリジナル メッセージ | オリジナルメッセージ | 元のメール
        원본 메시지 | 원본 메일 | 원본메일 | thư gốc | tin nhắn gốc | izvorna poruka | originalna poruka
        izvirno sporočilo
        originalo | algne kiri | oriģinālais ziņojums | pesan asli | mensaxe orixinal | missatge original
        jatorrizko mezua
        """
    )
)
FORWARDS = re.compile(
    any_of(
        """
        forwarded message | forwarded mail | forwarded by | réacheminé par | transféré par
        message transféré | message réexpédié | message transmis
        courriel transféré | mail transféré | message suivi | weitergeleitete nachricht | weitergeleitet von
        mensaje reenviado | messaggio inoltrato | mensagem encaminhada | mensagem reencaminhada | doorgestuurd bericht
        wiadomość przekazana | przekazana wiadomość | wiadomość przesłana dalej | przeposlaná zpráva
        přeposlaná zpráva
        preposlaná správa | vidarebefordrat meddelande | vidarebefordrat brev | videresendt besked
        videresendt meddelelse | videresendt melding | videresendt e-post | välitetty viesti
        edelleenlähetetty viesti
        пересылаемое сообщение | пересланное сообщение | пересланное письмо | переслане повідомлення
        перенаправлене повідомлення | προωθημένο μήνυμα | προωθούμενο μήνυμα | mesaj redirecționat
        mesaj transmis mai departe | továbbított üzenet | továbbított levél | iletilen mesaj | iletilmiş mesaj
        yönlendirilen mesaj | رسالة معاد توجيهها | הודעה שהועברה | הועברה הודעה | 转发的邮件 | 转发邮件
        轉寄郵件 | 轉寄的郵件 | 转发信息
        転送されたメッセージ | 転送メッセージ | 전달된 메시지 | 전달된 메일 | thư đã chuyển tiếp
        proslijeđena poruka | posredovano sporočilo
        missatge reenviat
        """
    )
)
# Apple's way to begin a mail that is handed on: a line of its own.
BEGIN_FORWARD = re.compile(
    any_of(
        r"""
        begin(?:ning of)? forwarded message | start of forwarded message
        début du (?:message|courriel) (?:réexpédié|transféré) | anfang der weitergeleiteten (?:nachricht|e-mail)
        inizio (?:del )?messaggio inoltrato | inicio del mensaje reenviado | início da mensagem (?:re)?encaminhada
        begin doorgestuurd bericht | start på videresendt (?:besked|melding|e-post) | påbörjat vidarebefordrat brev
        vidarebefordrat brev | välitetty viesti alkaa | początek przekazywanej wiadomości | začátek přeposílané zprávy
        začiatok preposlanej správy | начало переадресованного сообщения | початок листа, що пересилається
        iletilen iletinin başlangıcı | továbbított levél kezdete | αρχή προωθημένου μηνύματος
        începutul mesajului redirecționat | 转发的邮件开始 | 开始转发的邮件 | 開始轉寄郵件
        転送されたメッセージ | 전달된 메시지 시작
        بدء الرسالة المعاد توجيهها
        """
    )
    + r"\s?:?"
)
# « Mes réponses ci-dessous, en rouge »: they are written into the mail that is answered.
ANSWERS_WITHIN = re.compile(
    any_of(
        r"""
        (?:mes|nos|les) (?:réponses?|commentaires?|remarques?|précisions?|annotations?)
        je (?:vous )?réponds? | j'ai répondu | réponses? | répondu
        (?:my|our|see|find|the) (?:answers?|replies|responses?|comments?)
        (?:answered|replied|commented)
        (?:meine|unsere|siehe|die) (?:antwort(?:en)?|anmerkungen|kommentare)
        (?:mis|nuestras|las) respuestas | (?:mie|nostre|le) risposte | (?:minhas|nossas|as) respostas
        (?:mijn|onze|de) antwoorden
        """
    )
    + r"\b[^.!?]{0,40}\b"
    + any_of(
        r"""
        ci-dessous | plus bas | dans (?:le|votre) (?:texte|message|mail|courriel|corps)
        en (?:rouge|bleu|vert|gras|couleur)
        en (?:italique|majuscules) | au fil d
        below | inline | in-line | in (?:red|blue|green|bold|colou?r|caps|capitals|the text) | between the lines
        unten | im text | in (?:rot|blau|grün|fett) | fett
        abajo | más abajo | a continuación | en (?:rojo|azul|el texto) | sotto | di seguito | in (?:rosso|blu|verde)
        nel testo | abaixo | a vermelho | em (?:vermelho|azul) | no texto | hieronder | in (?:het )?rood | in de tekst
        """
    )
    + r"\b"
)

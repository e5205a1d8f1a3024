"""Machines are told from people, and what a report says is read. A person is never taken for a machine."""

from email.message import EmailMessage

import pytest

from inbound_email.automatic import may_be_answered, sender_kind
from inbound_email.bounces import Failure, Fate, bounce_of, found_by_flufl
from inbound_email.mime import read_mail
from tests.inbound_email.letters import mail, senders


def report(*, action: str = "failed", status: str = "5.1.1", kind: str = "delivery-status") -> bytes:
    told = (
        "Reporting-MTA: dns; mx.orange.fr\r\n\r\nOriginal-Recipient: rfc822;j@Orange.fr\r\n"
        f"Final-Recipient: rfc822; j@orange.fr\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user\r\n unknown"
    )
    if kind == "feedback-report":
        told = "Feedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: <j@orange.fr>"
    return (
        f"From: postmaster@orange.fr\r\nReturn-Path: <>\r\nSubject: Rapport\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\nVoir ci-dessous.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{told}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: suivi@bellerive.example\r\nMessage-ID: <parvis.7@bellerive.example>\r\nSubject: Votre mail\r\n\r\n"
        "Bonjour\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.FAILED),
        ("delayed", "4.4.1", Fate.DELAYED),
        ("failed", "4.2.2", Fate.DELAYED),
        ("delivered", "2.0.0", Fate.DELIVERED),
    ],
)
def test_a_report_says_who_and_why(action: str, status: str, fate: Fate) -> None:
    raw = report(action=action, status=status)
    assert sender_kind(raw) == "bounce"
    bounce = bounce_of(read_mail(raw))
    assert bounce is not None
    assert bounce.failures == (Failure("j@orange.fr", fate, action, status, "550 5.1.1 user unknown"),)
    assert (bounce.message_id, bounce.fate, bounce.permanent) == (
        "<parvis.7@bellerive.example>",
        fate,
        fate is Fate.FAILED,
    )


def test_a_complaint_is_a_report() -> None:
    raw = report(kind="feedback-report")
    assert sender_kind(raw) == "bounce"
    bounce = bounce_of(read_mail(raw))
    assert bounce is not None
    assert (bounce.fate, bounce.failures[0].recipient) == (Fate.COMPLAINED, "j@orange.fr")


def test_a_daemons_letter_is_a_report() -> None:
    exim = mail(
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered:\n\n"
        "  j@orange.fr\n    SMTP error from remote mail server: 550 5.2.2 mailbox full\n\n"
        "------ This is a copy of the message ------\n\nMessage-ID: <parvis.8@bellerive.example>\n",
        From="Mail Delivery System <Mailer-Daemon@mx.example>", Subject="Mail delivery failed: returning message",
        X_Failed_Recipients="j@orange.fr",
    )  # fmt: skip
    bounce = bounce_of(read_mail(exim))
    assert sender_kind(exim) == "bounce"
    assert bounce is not None
    assert bounce.message_id == "<parvis.8@bellerive.example>"
    assert (bounce.failures[0].recipient, bounce.failures[0].status) == ("j@orange.fr", "5.2.2")
    odd = mail(
        "Le message suivant n'a pas pu être remis : 550 5.1.1\n<paul@free.fr> destinataire inconnu\n",
        From="postmaster@x.example",
        Subject="Non remis : Votre signalement",
        Return_Path="<>",
    )  # fmt: skip
    bounce = bounce_of(read_mail(odd))
    assert sender_kind(odd) == "bounce"
    assert bounce is not None
    assert [one.recipient for one in bounce.failures] == ["paul@free.fr"]


@pytest.mark.parametrize(
    ("kind", "name", "raw"), [pytest.param(*case, id=f"{case[0]}, {case[1]}") for case in senders()]
)
def test_machines_are_told_from_people_who_write_like_them(kind: str, name: str, raw: bytes) -> None:
    assert sender_kind(raw) == kind
    if kind == "bounce":
        bounce = bounce_of(read_mail(raw))
        assert bounce is not None
        assert [one.recipient.partition("@")[0][0] for one in bounce.failures] == ["j"]
        assert (bounce.fate is Fate.DELAYED) == name.endswith(", later")


def test_a_daemon_with_an_accent_in_its_name_is_understood() -> None:
    letter = "Message from yahoo.com.\nUnable to deliver message to the following address(es).\n\n<j@yahoo.example>:\n"
    for name in ("Systeme", "Système"):
        raw = mail(f"{letter}no such user\n\n--- Original message follows.\n", From=f"{name} <mailer-daemon@yahoo.com>")
        assert found_by_flufl(raw) == (set(), {"j@yahoo.example"})


AUTO = {
    "RFC 3834": {"Auto_Submitted": "auto-replied"},
    "with a comment": {"Auto_Submitted": "auto-generated (vacation)"},
    "old": {"X_Autoreply": "yes"},
    "older": {"X_Autorespond": "Re: x"},
    "its maker's": {"X_Infomaniak_AutoReply": "1"},
    "precedence": {"Precedence": "auto_reply"},
    "vacation(1)": {"Precedence": "bulk"},
    "apple": {"X_Apple_Action": "vacation"},
    "exchange": {"Subject": "Réponse automatique : Votre signalement", "X_Auto_Response_Suppress": "All"},
    "exchange's rules": {"X_MS_Exchange_Inbox_Rules_Loop": "j@x.fr"},
    "nobody's": {"Return_Path": "<>"},
    "challenge": {"X_Mailinblack": "challenge"},
    "box": {"From": "ne-pas-repondre@x.fr", "Subject": "Accusé de réception"},
    "newsletter": {"List_Unsubscribe": "<https://x>", "Feedback_ID": "1", "In_Reply_To": "", "Subject": "Nos offres"},
}


@pytest.mark.parametrize("headers", AUTO.values(), ids=AUTO)
def test_what_calls_itself_automatic_is(headers: dict[str, str]) -> None:
    raw = mail("Je suis absente jusqu'au 23 novembre.", **headers)
    assert sender_kind(raw) == "auto"
    assert not may_be_answered(read_mail(raw))


def test_amazons_notices_are_reports() -> None:
    said = (
        '{"notificationType":"%s","bounce":{"bouncedRecipients":[{"emailAddress":"j@orange.fr","status":"5.1.1"}]},'
        '"mail":{"source":"suivi@bellerive.example","destination":["j@orange.fr"]}}'
    )
    for kind, fate in (("Bounce", Fate.FAILED), ("Complaint", Fate.COMPLAINED), ("Delivery", Fate.DELIVERED)):
        raw = mail(said % kind, From="no-reply@sns.amazonaws.com", Subject="AWS Notification Message")
        bounce = bounce_of(read_mail(raw))
        assert sender_kind(raw) == "bounce"
        assert bounce is not None
        assert [(one.recipient, one.fate) for one in bounce.failures] == [("j@orange.fr", fate)]


def test_words_count_together_with_a_subject() -> None:
    away = "Bonjour, je suis absente du bureau jusqu'au 23 novembre. Ceci est un message automatique."
    assert sender_kind(mail(away, Subject="Absence")) == "auto"
    assert sender_kind(mail(away, Subject="Re: Votre signalement")) == "human"


def test_a_receipt_is_automatic() -> None:
    raw = report(kind="disposition-notification")
    assert sender_kind(raw) == "auto"


PEOPLE = {
    "a reply": {},
    "it says no": {"Auto_Submitted": "no"},
    "Exchange puts it on all": {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"},
    "about an absence": {"Subject": "Re: Réponse automatique : absence"},
    "about a failure": {"Subject": "TR: Undelivered Mail Returned to Sender"},
    "on a list": {"List_Id": "<quartier.x.fr>", "List_Post": "<mailto:q@x.fr>", "Precedence": "list"},
    "with a firm's link": {"List_Unsubscribe": "<https://x>"},
    "called Postmaster": {"From": "Postmaster General <jean@x.fr>"},
}


@pytest.mark.parametrize("headers", PEOPLE.values(), ids=PEOPLE)
def test_people_are_people(headers: dict[str, str]) -> None:
    said = "J'ai reçu une réponse automatique : 550 5.1.1 user unknown, mailbox full. Que faire ?"
    assert sender_kind(mail(said, **headers)) == "human"


def test_who_forwards_a_report_is_a_person() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "j@orange.fr", "Votre mail me revient"
    message.set_content("Voici ce que je reçois.")
    inner = EmailMessage()
    inner["Subject"] = "Undelivered Mail Returned to Sender"
    inner["Auto-Submitted"] = "auto-replied"
    inner.set_content("550 5.1.1 user unknown")
    message.add_attachment(inner)
    assert sender_kind(message.as_bytes()) == "human"


def test_lists_are_not_answered() -> None:
    assert may_be_answered(read_mail(mail("Bonjour")))
    assert not may_be_answered(read_mail(mail("Bonjour", List_Id="<q.x.fr>", List_Post="<mailto:q@x.fr>")))
    assert not may_be_answered(read_mail(mail("Bonjour", From="")))


def test_a_mail_that_reports_nothing_gives_nothing() -> None:
    assert bounce_of(read_mail(mail("Bonjour", In_Reply_To=""))) is None

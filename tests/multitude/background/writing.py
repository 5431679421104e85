"""A mail to test with, and what becomes of it."""

from django.core.mail import send_mail

from multitude.mail import delivery
from multitude.models import OutgoingMail


def write(name: str = "zoe") -> OutgoingMail:
    """Write a mail to somebody."""
    send_mail("Avis", "Un texte.", None, [f"{name}@exemple.fr"])
    return OutgoingMail.objects.latest("pk")


def after(mail: OutgoingMail) -> OutgoingMail:
    """Send what is due, and return a mail as it is then."""
    delivery.deliver()
    mail.refresh_from_db()
    return mail

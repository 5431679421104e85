"""Automatic findings: an ordered list of small rules. They label and sort, and never decide.

Adding a rule is one function, and one line in `RULES`: its weight and what the desk calls it. A rule takes a submission
and its context, and returns what it noticed or None. It asks the database nothing: what it needs to know of other
comments is a line in `Context` and one in the query of `comments.submission`.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments import disposable, terms
from comments.findings import SUSPECT, Noticed, Rule, Screened
from comments.incoming import Context, Match, Submission
from comments.models import Finding
from comments.terms import Kind

DEFAULT_FLOOD = (5, 600)
FASTEST_PERSON = 3.0
MANY_LINKS = 5
SHOUTED_LETTERS, SHOUTED_SHARE = 30, 0.7
ALONE, MORE_THAN_HALF, HALF, LESS_THAN_HALF, NOTHING = SUSPECT, 6, 5, 4, 0

_REPEATED = re.compile(r"(.)\1{5}")


def flood_limit() -> tuple[int, int]:
    """Return (number, seconds): an e-mail that sends more is labelled."""
    return settings.COMMENT_RATE or DEFAULT_FLOOD


def honeypot(submission: Submission, context: Context) -> Noticed | None:
    """Notice a filled field that no person sees."""
    return Noticed() if submission.honeypot else None


def too_fast(submission: Submission, context: Context) -> Noticed | None:
    """Notice a form that was filled faster than a person can, where script reported how fast."""
    seconds = submission.seconds_spent
    return Noticed() if seconds is not None and seconds < FASTEST_PERSON else None


def blocked_word(submission: Submission, context: Context) -> Noticed | None:
    """Notice watched words and expressions, in the text and in the name, in any of their forms."""
    return _blocked(context, Kind.WORD)


def blocked_domain(submission: Submission, context: Context) -> Noticed | None:
    """Notice watched domains and all beneath them: in links, in what is named without one, in the e-mail."""
    return _blocked(context, Kind.DOMAIN)


def blocked_email(submission: Submission, context: Context) -> Noticed | None:
    """Notice a watched e-mail, without naming it."""
    return _blocked(context, Kind.EMAIL)


def blocked_network(submission: Submission, context: Context) -> Noticed | None:
    """Notice a watched address or network, without naming it."""
    return _blocked(context, Kind.NETWORK)


def _blocked(context: Context, kind: Kind) -> Noticed | None:
    found: tuple[Match, ...] = context.blocked.get(kind, ())
    detail = ", ".join(match.shown for match in found if match.shown)
    return Noticed(detail, tuple(match.pk for match in found)) if found else None


def disposable_email(submission: Submission, context: Context) -> Noticed | None:
    """Notice an e-mail of a provider that gives addresses for ten minutes, without naming it."""
    domains = terms.and_parents(terms.email_host(submission.author_email))
    return Noticed() if any(domain in disposable.DOMAINS for domain in domains) else None


def link_only(submission: Submission, context: Context) -> Noticed | None:
    """Notice a text in which, links apart, there is not one word."""
    if not submission.links:
        return None
    rest = submission.body
    for link in submission.links:
        rest = rest.replace(link, " ", 1)
    return None if re.search(r"[^\W\d_]{2}", rest) else Noticed()


def links(submission: Submission, context: Context) -> Noticed | None:
    """Notice links, and say how many."""
    return Noticed(str(len(submission.links))) if submission.links else None


def many_links(submission: Submission, context: Context) -> Noticed | None:
    """Notice more links than a person gives."""
    return Noticed() if len(submission.links) >= MANY_LINKS else None


def elsewhere(submission: Submission, context: Context) -> Noticed | None:
    """Notice a text that came from another e-mail, or under another article."""
    return Noticed() if context.is_elsewhere else None


def duplicate(submission: Submission, context: Context) -> Noticed | None:
    """Notice a text that the same e-mail has already sent to the same article."""
    return Noticed() if context.repeats else None


def flood(submission: Submission, context: Context) -> Noticed | None:
    """Notice an e-mail that sends more than the rate allows to a network.

    It is no ground for a refusal: anyone could then silence somebody else's address.
    """
    number, _seconds = flood_limit()
    return Noticed() if context.recent_of_email >= number else None


def capitals(submission: Submission, context: Context) -> Noticed | None:
    """Notice a text that is shouted from beginning to end; a word or an acronym is not."""
    upper = sum(map(str.isupper, submission.body))
    if upper < SHOUTED_LETTERS:
        return None
    lower = sum(map(str.islower, submission.body))
    return Noticed() if upper > SHOUTED_SHARE * (upper + lower) else None


def repetition(submission: Submission, context: Context) -> Noticed | None:
    """Notice a letter or a mark six times in a row; figures, dashes and dots have their reasons."""
    repeated = (match[1] for match in _REPEATED.finditer(submission.folded))
    return Noticed() if any(character.isalpha() or character in "!?" for character in repeated) else None


def first_comment(submission: Submission, context: Context) -> Noticed | None:
    """Say that no comment of this e-mail is known, which is nobody's fault."""
    return Noticed() if context.is_first else None


RULES = (
    Rule(honeypot, ALONE, _("champ piège rempli")),
    Rule(too_fast, HALF, _("rempli trop vite")),
    Rule(blocked_word, ALONE, _("mot surveillé")),
    Rule(blocked_domain, ALONE, _("domaine surveillé")),
    Rule(blocked_email, ALONE, _("email surveillé")),
    Rule(blocked_network, ALONE, _("adresse réseau surveillée")),
    Rule(disposable_email, ALONE, _("email jetable")),
    Rule(link_only, ALONE, _("rien d’autre que des liens")),
    Rule(links, LESS_THAN_HALF, _("liens")),
    Rule(many_links, MORE_THAN_HALF, _("beaucoup de liens")),
    Rule(elsewhere, ALONE, _("même texte ailleurs")),
    Rule(duplicate, LESS_THAN_HALF, _("texte déjà envoyé")),
    Rule(flood, HALF, _("envois nombreux de cet email")),
    Rule(capitals, LESS_THAN_HALF, _("texte en capitales")),
    Rule(repetition, LESS_THAN_HALF, _("caractères répétés")),
    Rule(first_comment, NOTHING, _("premier commentaire de cette personne")),
)
LABELS = {rule.name: rule.label for rule in RULES}
_INFORMATION = {rule.name for rule in RULES if not rule.weight}


def screen(submission: Submission, context: Context) -> Screened:
    """Return what the rules noticed."""
    asked = ((rule, rule.notice(submission, context)) for rule in RULES)
    return Screened(tuple((rule, noticed) for rule, noticed in asked if noticed is not None))


def sentence(rule: str, detail: str) -> str:
    """Return a finding in words: «mot surveillé : arnaque». A rule that is no more still has its name."""
    label = str(LABELS.get(rule, rule))
    return gettext("%(label)s : %(detail)s") % {"label": label, "detail": detail} if detail else label


def in_words(findings: Iterable[Finding], *, with_information: bool) -> list[str]:
    """Return stored findings in words and in the order of the rules; those that weigh nothing only where asked for."""
    order = {name: place for place, name in enumerate(LABELS)}
    shown = [found for found in findings if with_information or found.rule not in _INFORMATION]
    shown.sort(key=lambda found: order.get(found.rule, len(order)))
    return [sentence(found.rule, found.detail) for found in shown]

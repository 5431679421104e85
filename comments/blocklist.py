"""The terms that the newsroom watches: how they come and go, what of a submission matches them, and how often that was.

A web process remembers the list; whoever changes it through the verbs here purges `KEY` in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from comments import terms
from comments.incoming import Match, Submission
from comments.models import BlockedTerm
from multitude import folding
from multitude.caching import Remembered, purge
from multitude.transactions import act

KEY = "blocklist"
Kind = BlockedTerm.Kind

# Verbs -------------------------------------------------------------------------------------------


@act()
def add(*, kind: str, values: Iterable[str], added_by: User | None, note: str = "") -> list[BlockedTerm]:
    """Watch terms as somebody typed them, and return them as they are stored; raises ValidationError.

    One that is watched already stays as it is.
    """
    typed = {term.key: term for term in (terms.normal(kind, value) for value in values)}
    BlockedTerm.objects.bulk_create(
        [BlockedTerm(kind=kind, value=value, key=key, note=note, added_by=added_by) for value, key in typed.values()],
        ignore_conflicts=True,
    )
    purge(KEY)
    stored = {term.key: term for term in BlockedTerm.objects.filter(kind=kind, key__in=typed)}
    return [stored[key] for key in typed]


@act()
def change(term: BlockedTerm) -> None:
    """Store another writing of a term, or another note; raises ValidationError."""
    term.value, term.key = terms.normal(term.kind, term.value)
    term.save(update_fields=["value", "key", "note"])
    purge(KEY)


@act()
def delete(chosen: QuerySet[BlockedTerm]) -> None:
    """Watch some terms no longer; what they found stays found."""
    chosen.delete()
    purge(KEY)


def count(found: Sequence[int], now: datetime) -> None:
    """Count a comment for each of the terms that it matches, by their keys; call it in the comment's transaction."""
    # Locked in one order, whichever they are: two comments that match the same ones never wait for each other.
    locked = BlockedTerm.objects.filter(pk__in=found).order_by("pk").select_for_update().values("pk")
    BlockedTerm.objects.filter(pk__in=locked).update(match_count=F("match_count") + 1, last_matched_at=now)


# Matching ----------------------------------------------------------------------------------------


class Term(NamedTuple):
    """What of a term matching needs."""

    pk: int
    value: str


@dataclass(frozen=True)
class _Phrases:
    """Sequences of words, by the first of each."""

    by_first: dict[str, list[tuple[list[str], Term]]] = field(default_factory=lambda: defaultdict(list))
    beginnings: set[str] = field(default_factory=set)
    """The first two letters of all their words: no other word has the form of one."""

    def add(self, words: list[str], term: Term) -> None:
        self.by_first[words[0]].append((words, term))
        self.beginnings.update(word[:2] for word in words)

    def within(self, words: list[str]) -> Iterator[Term]:
        for place, word in enumerate(words):
            for phrase, term in self.by_first.get(word, ()):
                if words[place : place + len(phrase)] == phrase:
                    yield term


@dataclass(frozen=True)
class Blocklist:
    """All terms, so that a submission is looked up in them, and not they in it."""

    forms: _Phrases = field(default_factory=_Phrases)
    exact: _Phrases = field(default_factory=_Phrases)
    domains: dict[str, Term] = field(default_factory=dict)
    emails: dict[str, Term] = field(default_factory=dict)
    networks: dict[int, dict[terms.Network, Term]] = field(default_factory=lambda: defaultdict(dict))
    """By the length of their prefix."""

    def add(self, kind: str, key: str, term: Term) -> None:
        """Add a term by its key."""
        match kind:
            case Kind.WORD if key.startswith(terms.EXACT):
                self.exact.add(key.removeprefix(terms.EXACT).split(), term)
            case Kind.WORD:
                self.forms.add(key.split(), term)
            case Kind.DOMAIN:
                self.domains[key] = term
            case Kind.EMAIL:
                self.emails[key] = term
            case Kind.NETWORK if network := terms.network(key):
                self.networks[network.prefixlen][network] = term

    def matches(self, submission: Submission) -> dict[str, tuple[Match, ...]]:
        """Return by their kind the terms that a submission matches, each once, with what the desk may say of it."""
        found = {
            Kind.WORD: (Match(*term) for term in self._words_in(submission)),
            Kind.DOMAIN: self._domains_in(submission),
            Kind.EMAIL: self._email_of(submission),
            Kind.NETWORK: self._networks_of(submission),
        }
        return {kind: tuple({match.pk: match for match in matches}.values()) for kind, matches in found.items()}

    def _words_in(self, submission: Submission) -> Iterator[Term]:
        if not (self.forms.by_first or self.exact.by_first):
            return
        words = [*folding.words(folding.fold(submission.author_name)), *submission.words]
        yield from self.exact.within(words)
        beginnings = self.forms.beginnings
        yield from self.forms.within([folding.form(word) if word[:2] in beginnings else word for word in words])

    def _domains_in(self, submission: Submission) -> Iterator[Match]:
        if not self.domains:
            return
        # An e-mail is seen by few, and so is its domain: what the text names comes last, and prevails.
        for domain in terms.and_parents(terms.email_host(submission.author_email)):
            if term := self.domains.get(domain):
                yield Match(term.pk, _("celui de l’email"))
        for host in terms.hosts(f"{submission.author_name}\n{submission.body}"):
            for domain in terms.and_parents(host):
                if term := self.domains.get(domain):
                    yield Match(*term)

    def _email_of(self, submission: Submission) -> Iterator[Match]:
        if self.emails and (term := self.emails.get(terms.email(submission.author_email))):
            yield Match(term.pk)

    def _networks_of(self, submission: Submission) -> Iterator[Match]:
        client = terms.network(submission.client_network) if self.networks else None
        if client is None:
            return
        for length, networks in self.networks.items():
            if length <= client.prefixlen and (term := networks.get(client.supernet(new_prefix=length))):
                yield Match(term.pk)


def current() -> Blocklist:
    """Return the list, read from the database at most once a minute by each process, and after each change."""
    return _remembered.get()


def _read() -> Blocklist:
    blocklist = Blocklist()
    for kind, key, pk, value in BlockedTerm.objects.order_by().values_list("kind", "key", "pk", "value"):
        blocklist.add(kind, key, Term(pk, value))
    return blocklist


_remembered = Remembered(_read, KEY)

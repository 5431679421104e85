"""Why a comment is refused or removed, as its author is told: a sentence, and the article of the law where there is one.

The statement of reasons that Regulation (EU) 2022/2065, article 17, wants begins here; `comments.models.Decision.Reason`
is the list itself.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Decision

Reason = Decision.Reason


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the author of a comment is told of a reason."""

    sentence: str | Promise
    """Empty for `other`: the moderator's explanation is the sentence."""
    law: str | Promise = ""
    """The article that the text runs against, or nothing where only the newspaper's charter is concerned."""


GROUNDS: dict[Reason, Ground] = {
    Reason.OFF_TOPIC: Ground(sentence=_("Il ne portait pas sur le sujet de l’article.")),
    Reason.INSULT: Ground(
        sentence=_("Il injuriait quelqu’un, ou lui imputait un fait qui porte atteinte à son honneur."),
        law=_("Loi du 29 juillet 1881 sur la liberté de la presse, articles 29, 32 et 33"),
    ),
    Reason.HATE: Ground(
        sentence=_("Il provoquait à la discrimination, à la haine ou à la violence contre des personnes."),
        law=_("Loi du 29 juillet 1881 sur la liberté de la presse, article 24"),
    ),
    Reason.ADVERTISING: Ground(sentence=_("Il faisait la publicité d’un produit, d’un service ou d’un site.")),
    Reason.PERSONAL_DATA: Ground(
        sentence=_("Il révélait des données personnelles ou la vie privée de quelqu’un."),
        law=_("Code civil, article 9 ; règlement (UE) 2016/679, article 6"),
    ),
    Reason.ILLEGAL: Ground(
        sentence=_("Il contenait des propos ou des liens que la loi interdit."),
        law=_("Règlement (UE) 2022/2065, article 3, point h"),
    ),
    Reason.DUPLICATE: Ground(sentence=_("Il répétait un commentaire déjà envoyé.")),
    Reason.OTHER: Ground(sentence=""),
}


def of(comment: Comment) -> Ground | None:
    """Return why a refused or removed comment is what it is: the ground of the decision that last made it so; else None."""
    if comment.status not in {Comment.Status.REJECTED, Comment.Status.REMOVED}:
        return None
    refusals = comment.decisions.exclude(reason="").filter(to_status=comment.status).select_related("evidence")
    decision = refusals.last()
    if decision is None:
        return None
    ground = GROUNDS[Reason(decision.reason)]
    return ground if ground.sentence else Ground(sentence=decision.evidence.explanation)

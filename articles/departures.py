"""What follows when the hour comes at which an article leaves by itself.

Readers need none of it: from that instant no page shows the article, and its pictures' files are served to nobody. The
history says that it left, its previews end, and its pictures get new addresses, as if somebody had withdrawn it by hand.
"""

from django.db.models import Exists, OuterRef

from articles import publishing
from articles.models import Article, Event
from multitude import clock

EVERY_SECONDS = 60.0
MOST_AT_ONCE = 100


def see_off() -> int:
    """See off the articles whose hour has come since this was last done, and return how many there were."""
    told = Event.objects.filter(article=OuterRef("pk"), kind=Event.Kind.UNPUBLISHED, at__gte=OuterRef("unpublished_at"))
    left = Article.objects.filter(~Exists(told), unpublished_at__lte=clock.now()).order_by("unpublished_at")
    keys = list(left.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for key in keys:
        publishing.see_off(article_id=key)
    return len(keys)

"""Write the first version of the charter, which the newsroom replaces by its own when it wishes."""

from django.db import migrations
from django.utils import timezone

from articles.rendering import clean_html

BODY = """\
<p>Les commentaires prolongent les articles : on y répond à des arguments par des arguments. Cette charte dit qui peut commenter, ce que la rédaction refuse et pourquoi. En envoyant un commentaire, vous l’acceptez.</p>

<h2>Qui peut commenter</h2>
<p>Tout le monde, sans compte. Signez de votre nom ou d’un pseudonyme, sans vous faire passer pour quelqu’un d’autre. Indiquez un email que vous lisez : il n’est jamais publié et permet à la rédaction de vous joindre. Si le sujet touche à votre métier, à vos intérêts ou à vos engagements, dites-le : votre propos n’en aura que plus de poids.</p>

<h2>Chaque commentaire est relu avant de paraître</h2>
<p>Une personne de la rédaction lit chaque commentaire et décide de le publier ou non. Des vérifications automatiques peuvent attirer son attention ; aucune ne décide à sa place. Publier un commentaire n’est pas l’approuver : la critique, y compris celle de nos articles, est bienvenue.</p>
<p>Après l’envoi, une page de suivi vous dit où en est votre commentaire. Gardez-en l’adresse, et ne la partagez pas.</p>

<h2>Ce que nous refusons</h2>
<ul>
<li><strong>Hors sujet</strong> : ce qui ne porte ni sur l’article ni sur la discussion en cours.</li>
<li><strong>Injure ou diffamation</strong> : injurier quelqu’un, ou lui imputer un fait qui porte atteinte à son honneur.</li>
<li><strong>Discrimination ou haine</strong> : provoquer à la discrimination, à la haine ou à la violence contre des personnes en raison de ce qu’elles sont ou de ce qu’elles croient.</li>
<li><strong>Publicité</strong> : promouvoir un produit, un service ou un site.</li>
<li><strong>Données personnelles</strong> : révéler l’adresse, le téléphone, la santé ou la vie privée de quelqu’un, même avec de bonnes intentions.</li>
<li><strong>Contenu illicite</strong> : tout propos ou lien que la loi interdit.</li>
<li><strong>Doublon</strong> : répéter ce que l’on a déjà envoyé.</li>
<li><strong>Autre motif</strong> : la rédaction vous explique alors lequel.</li>
</ul>
<p>Un commentaire déjà publié peut être retiré pour les mêmes motifs.</p>

<h2>Si votre commentaire est refusé</h2>
<p>La page de suivi en donne le motif. Vous pouvez écrire un autre commentaire qui respecte cette charte. Si la décision vous paraît injustifiée, écrivez à la rédaction en indiquant l’article et le nom dont vous avez signé : votre commentaire sera relu. L’adresse figure à la page <a href="/contact/">Contact</a> ; elle sert aussi à signaler un commentaire publié qui enfreint cette charte ou la loi, et à demander le retrait du vôtre.</p>
<p>Chaque décision est enregistrée avec son motif et la version de la charte qui s’appliquait.</p>

<h2>Quand les commentaires sont fermés</h2>
<p>Les commentaires d’un article ferment après quelque temps, ou lorsque la rédaction n’est plus en mesure de les relire avec soin. La raison est donnée à la place du formulaire, et ce qui a paru reste lisible.</p>

<h2>Vos données</h2>
<p>Votre nom, votre texte et sa date sont publics une fois le commentaire publié. Votre email et votre adresse réseau ne le sont jamais. Ce que nous en gardons, pourquoi et combien de temps : voyez la page <a href="/confidentialite/">Confidentialité</a>.</p>
"""


def write_first_version(apps, schema_editor):
    """Write version 1 unless there is one."""
    Charter = apps.get_model("comments", "Charter")
    versions = Charter.objects.using(schema_editor.connection.alias)
    if not versions.exists():
        versions.create(number=1, body=BODY, body_html=clean_html(BODY), published_at=timezone.now())


class Migration(migrations.Migration):
    """The charter, apart from the schema."""

    dependencies = [("comments", "0002_groups")]

    operations = [migrations.RunPython(write_first_version, migrations.RunPython.noop)]

"""Write the first version of each legal page, which the newsroom completes and replaces when it wishes."""

from django.db import migrations
from django.utils import timezone

from articles.legal import render

NOTICE = """\
<p>Informations données en application de la loi n°\u00a02004-575 du 21 juin 2004 pour la confiance dans l’économie numérique (article 1-1, auparavant article 6, III).</p>

<h2>Éditeur</h2>
<ul>
<li>Le site {site} est édité par [à compléter : nom ou raison sociale].</li>
<li>Forme juridique et capital social : [à compléter : par exemple association loi de 1901, SARL au capital de… euros].</li>
<li>Siège ou domicile : [à compléter : adresse postale].</li>
<li>Téléphone : [à compléter : numéro de téléphone].</li>
<li>Immatriculation : [à compléter : RCS et numéro SIREN, ou numéro RNA ; retirez cette ligne s’il n’y en a pas].</li>
<li>Email : {contact}.</li>
</ul>

<h2>Direction de la publication</h2>
<ul>
<li>Directeur ou directrice de la publication : [à compléter : prénom et nom].</li>
<li>Responsable de la rédaction : [à compléter : prénom et nom ; retirez cette ligne s’il n’y en a pas].</li>
<li>Commission paritaire des publications et agences de presse : [à compléter : numéro CPPAP ; retirez cette ligne si le service n’est pas reconnu].</li>
</ul>

<h2>Hébergement</h2>
<p>Le site est hébergé par [à compléter : nom, adresse et téléphone de l’hébergeur].</p>

<h2>Articles et commentaires</h2>
<p>Les articles engagent la direction de la publication. Les commentaires sont écrits par des lecteurs ; chacun est relu par la rédaction avant de paraître, selon la <a href="/charte/">charte des commentaires</a>. Pour signaler un contenu, voyez la page <a href="/contact/">Contact</a>.</p>

<h2>Droit de réponse</h2>
<p>Toute personne nommée ou désignée sur ce site peut demander un droit de réponse, dans les trois mois qui suivent la mise à disposition du public, en écrivant à la direction de la publication (même loi, et décret n°\u00a02007-1527 du 24 octobre 2007). Les erreurs de fait sont corrigées sans attendre une telle demande : voyez les <a href="/rectificatifs/">rectificatifs</a>.</p>

<h2>Propriété intellectuelle</h2>
<p>Les textes, photographies et dessins de ce site sont protégés par le code de la propriété intellectuelle. Vous pouvez en citer de courts passages en nommant leur auteur et ce journal, et faire un lien vers toute page. Toute autre reproduction demande l’accord de l’éditeur. L’auteur d’un commentaire en garde les droits et autorise sa publication sous l’article auquel il répond.</p>
"""

PRIVACY = """\
<p>Ce que nous gardons de vous, pourquoi, et combien de temps, en application du règlement (UE) 2016/679 (RGPD) et de la loi n°\u00a078-17 du 6 janvier 1978.</p>

<h2>Qui en répond</h2>
<p>Le responsable du traitement est l’éditeur du site, dont les <a href="/mentions-legales/">mentions légales</a> donnent le nom et l’adresse. Délégué à la protection des données : [à compléter : nom et adresse ; retirez cette phrase s’il n’y en a pas].</p>

<h2>Vous lisez</h2>
<p>Lire ce journal ne demande aucun compte et ne dépose aucun cookie. Aucune mesure d’audience extérieure, aucune publicité, aucun bouton de réseau social, aucune police de caractères venue d’ailleurs : les pages ne s’adressent qu’à ce site.</p>
<p>Nous comptons les lectures de chaque article, par jour, pour établir les classements. Ce compte ne contient rien sur vous. Pour ne pas compter deux fois la même lecture, une empreinte chiffrée de l’adresse réseau, dont la clé change chaque jour, reste en mémoire une heure au plus ; elle n’est pas enregistrée avec les articles.</p>
<p>Comme tout serveur, celui qui héberge ce site peut tenir, pour sa sécurité, un journal technique des connexions, gardé [à compléter : durée, selon les réglages de votre serveur]. Il ne sert pas à vous suivre.</p>

<h2>Vous écrivez un commentaire</h2>
<p>Nous enregistrons alors :</p>
<ul>
<li>le nom que vous indiquez, qui est publié avec votre commentaire ; ce peut être un pseudonyme ;</li>
<li>votre adresse email, qui n’est jamais publiée ;</li>
<li>le texte de votre commentaire, l’article ou le commentaire auquel il répond, la date et l’heure ;</li>
<li>l’adresse du réseau d’où vous l’envoyez (adresse IPv4, ou les 64 premiers bits d’une adresse IPv6).</li>
</ul>
<p>Ces informations sont nécessaires pour commenter ; rien ne vous y oblige.</p>

<h2>Vous nous écrivez</h2>
<p>Nous gardons votre message, et l’adresse d’où il vient, le temps d’y répondre et d’en rendre compte : [à compléter : durée].</p>

<h2>Pourquoi, et sur quel fondement</h2>
<ul>
<li>Pour que la rédaction puisse lire chaque commentaire avant de le publier, et vous joindre à son sujet si c’est nécessaire : c’est notre intérêt légitime à ouvrir nos articles à la discussion et à en répondre (RGPD, article 6, 1, f).</li>
<li>Pour écarter les envois abusifs et automatiques : c’est le même intérêt.</li>
<li>Pour répondre aux demandes de rectification, de réponse ou de retrait, et aux autorités lorsque la loi nous y oblige : ce sont nos obligations légales d’éditeur (article 6, 1, c).</li>
</ul>
<p>Des vérifications automatiques signalent certains commentaires à la rédaction. Aucune ne décide : une personne publie ou refuse.</p>

<h2>Qui le voit</h2>
<p>Votre nom, votre texte et sa date sont publics une fois le commentaire publié. Votre email et votre adresse réseau ne sont visibles que des personnes de la rédaction qui y sont habilitées ; les autres modérateurs ne les voient pas. Nous ne les vendons ni ne les communiquons à personne, sauf obligation légale. Les données sont conservées chez notre hébergeur : [à compléter : pays où se trouvent les serveurs et, hors de l’Union européenne, garanties].</p>

<h2>Combien de temps</h2>
<ul>
<li>L’email et l’adresse réseau sont effacés {conservation} après l’envoi.</li>
<li>Le commentaire publié et le nom qui le signe restent en ligne aussi longtemps que l’article, sauf si vous en demandez le retrait.</li>
<li>Un commentaire refusé ou retiré, et la trace des décisions de modération (qui, quand, pourquoi), sont conservés aussi longtemps que la rédaction peut avoir à rendre compte de ses choix.</li>
</ul>

<h2>La page de suivi</h2>
<p>Après l’envoi, une page vous dit où en est votre commentaire. Son adresse ne peut pas être devinée : qui la connaît peut la lire, aussi ne la partagez pas. Votre email n’y figure pas.</p>

<h2>Vos droits</h2>
<p>Vous pouvez demander à voir les données qui vous concernent, à les faire rectifier ou effacer, à en limiter l’usage ou vous y opposer. Écrivez à la rédaction : {contact}. Écrivez-nous si possible depuis l’adresse email utilisée pour commenter, afin que nous sachions que la demande vient bien de vous. Nous répondons dans le mois.</p>
<p>Si notre réponse ne vous satisfait pas, vous pouvez saisir la <a href="https://www.cnil.fr/fr/plaintes">Commission nationale de l’informatique et des libertés (CNIL)</a>.</p>
"""

ACCESSIBILITY = """\
<p>Ce journal veut être lu de tous : au clavier, avec un lecteur d’écran, agrandi, en clair ou en sombre, sans JavaScript, sur papier. Cette page dit ce qui a été vérifié, et ce qui ne l’a pas été.</p>

<h2>État de conformité</h2>
<p>Aucun audit selon le référentiel général d’amélioration de l’accessibilité (RGAA) n’a été mené sur ce site. Sans audit, un site est tenu pour <strong>non conforme</strong> au RGAA, quelle que soit sa qualité : nous n’annonçons donc aucun taux. [À compléter : si un audit a été mené, remplacez ce paragraphe par sa date, son auteur, sa version du RGAA et son résultat.]</p>

<h2>Ce qui est vérifié</h2>
<p>Les essais automatiques du logiciel de ce site, dans le navigateur Chromium, contrôlent :</p>
<ul>
<li>qu’axe-core ne trouve aucune faute sur un exemple de chaque sorte de page, en clair et en sombre ;</li>
<li>qu’aucune page ne défile de côté, de 320 à 2 000 pixels de large ;</li>
<li>que l’on peut lire, commenter et suivre son commentaire sans JavaScript ;</li>
<li>que les erreurs d’un formulaire sont dites en toutes lettres, à côté du champ qu’elles concernent.</li>
</ul>
<p>De tels outils ne trouvent qu’une partie des obstacles.</p>

<h2>Ce qui n’est pas vérifié</h2>
<ul>
<li>L’usage avec un lecteur d’écran, une loupe ou une commande vocale, par des personnes qui s’en servent chaque jour.</li>
<li>Les autres navigateurs.</li>
<li>Ce que la rédaction écrit : le texte de remplacement de chaque image est obligatoire, mais aucun outil ne juge s’il convient.</li>
<li>Les commentaires, et les sites vers lesquels mènent nos liens, vidéos comprises.</li>
</ul>

<h2>Signaler une difficulté</h2>
<p>Si quelque chose vous empêche de lire ou d’écrire ici, dites-le-nous : {contact}. Nous chercherons avec vous un autre moyen d’accès, et nous corrigerons ce qui peut l’être. Indiquez si possible l’adresse de la page, votre navigateur et votre outil d’assistance.</p>

<h2>Voies de recours</h2>
<p>Si vous n’obtenez pas de réponse satisfaisante, vous pouvez :</p>
<ul>
<li>écrire au Défenseur des droits par son <a href="https://formulaire.defenseurdesdroits.fr/">formulaire</a> ;</li>
<li>rencontrer le <a href="https://www.defenseurdesdroits.fr/saisir/delegues">délégué du Défenseur des droits</a> de votre région ;</li>
<li>lui envoyer un courrier, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.</li>
</ul>
"""

CONTACT = """\
<h2>Écrire à la rédaction</h2>
<ul>
<li>Par email : {contact}.</li>
<li>Par courrier : [à compléter : adresse postale].</li>
<li>Par téléphone : [à compléter : numéro et heures ; retirez cette ligne si vous ne répondez pas au téléphone].</li>
</ul>

<h2>Signaler une erreur dans un article</h2>
<p>Indiquez l’adresse de l’article, la phrase et ce qui la contredit. Les erreurs de fait sont corrigées sous l’article et sur la page des <a href="/rectificatifs/">rectificatifs</a>. Pour un droit de réponse, voyez les <a href="/mentions-legales/">mentions légales</a>.</p>

<h2>Signaler un contenu illicite</h2>
<p>Un article, une image ou un commentaire vous paraît illicite : écrivez à {contact}, avec pour objet « Signalement », en indiquant (règlement (UE) 2022/2065, article 16) :</p>
<ul>
<li>l’adresse exacte de la page et, pour un commentaire, celle que donne sa date ;</li>
<li>pourquoi ce contenu vous paraît illicite ;</li>
<li>votre nom et votre adresse email, sauf s’il s’agit d’abus sexuels sur des mineurs ;</li>
<li>que vous croyez de bonne foi ces informations exactes et complètes.</li>
</ul>
<p>Nous accusons réception de votre signalement. Une personne l’examine, décide sans tarder, et vous dit ce qui a été décidé et comment le contester. Un commentaire qui enfreint seulement la <a href="/charte/">charte</a> peut être signalé de la même façon.</p>

<h2>Contester une décision de modération</h2>
<p>Votre commentaire a été refusé ou retiré et la décision vous paraît injustifiée : écrivez-nous en indiquant l’article et le nom dont vous avez signé. Il sera relu.</p>

<h2>Point de contact</h2>
<p>Les autorités des États membres, la Commission européenne et le comité européen des services numériques, comme les lecteurs, peuvent nous joindre directement à cette même adresse (même règlement, articles 11 et 12), en français [à compléter : et en d’autres langues, ou retirez cette mention]. Une personne vous répond.</p>

<h2>Vos données, votre accès</h2>
<p>Pour vos données personnelles, voyez <a href="/confidentialite/">Confidentialité</a> ; pour une difficulté de lecture, <a href="/accessibilite/">Accessibilité</a>.</p>
"""

PAGES = {
    "mentions-legales": NOTICE,
    "confidentialite": PRIVACY,
    "accessibilite": ACCESSIBILITY,
    "contact": CONTACT,
}


def write_first_versions(apps, schema_editor):
    """Write version 1 of each page that has none."""
    LegalPage = apps.get_model("articles", "LegalPage")
    versions = LegalPage.objects.using(schema_editor.connection.alias)
    for name, body in PAGES.items():
        if not versions.filter(name=name).exists():
            versions.create(name=name, number=1, body=body, body_html=render(body), published_at=timezone.now())


class Migration(migrations.Migration):
    """The texts, apart from the schema."""

    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(write_first_versions, migrations.RunPython.noop)]

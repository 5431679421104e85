"""French words whose forms no rule finds: each is looked for under the first word of its line.

Accents and ligatures are left out, as everywhere behind the search. In a verb's line `pren+I` stands for the forms that
ENDINGS makes of a stem; after the bar stand prefixes that make other verbs of the same pattern.
"""

from collections.abc import Iterator

WORDS = """
oeil yeux
ciel cieux
eau eaux
mal maux
val vaux
bail baux
travail travaux
vitrail vitraux
corail coraux
email emaux
soupirail soupiraux
vantail vantaux
aieul aieux
noyau noyaux
tuyau tuyaux
joyau joyaux
boyau boyaux
ideal ideaux
materiau materiaux
bestiau bestiaux
fleau fleaux
madame mesdames
mademoiselle mesdemoiselles
monsieur messieurs
bonhomme bonshommes
gentilhomme gentilshommes
jeu jeux
enjeu enjeux
feu feux
lieu lieux
milieu milieux
cheveu cheveux
voeu voeux
neveu neveux
aveu aveux
dieu dieux deesse
adieu adieux
hebreu hebreux
essieu essieux
moyeu moyeux
bleu bleue
heros heroine
beau bel belle beaux
nouveau nouvel nouvelle nouveaux
vieux vieil vieille
fou fol folle
mou molle
doux douce
roux rousse
faux fausse
jaloux jalouse
epoux epouse
gros grosse
bas basse
gras grasse
epais epaisse
expres expresse
gentil gentille
nul nulle
mauvais mauvaise
sot sotte
chat chatte
paysan paysanne
public publique
grec grecque
turc turque
laic laique
caduc caduque
blanc blanche
franc franche
sec seche
frais fraiche
long longue
neuf neuve
veuf veuve
bref breve
juif juive
vif vive
malin maligne
benin benigne
favori favorite
maitre maitresse
maire mairesse
chef cheffe
cle clef
tigre tigresse
ogre ogresse
diable diablesse
traitre traitresse
prophete prophetesse
vicomte vicomtesse
abbe abbesse
defendeur defenderesse
demandeur demanderesse
enchanteur enchanteresse
prince princesse
comte comtesse
duc duchesse
poete poetesse
pretre pretresse
docteur doctoresse
hote hotesse
roi reine
compagnon compagne
copain copine
empereur imperatrice
ambassadeur ambassadrice
jumeau jumelle jumeaux
loup louve
tous tout toute
entretien
soutien
maintien
lit
nuit
pouls
"""

# A word of these lines has no other form: Snowball would take it for another one's.
APART = """
port
mere
pere
villa
paire
parti
partie
part
univers
organe
communisme
communiste
droite
testament
cour
cours
course
courant
male
cas
base
fils
fille
file
sorte
france
paris
annee
anne
duree
pole
police
politique
poste
action
acte
general generale generaux
generation
moral morale moraux
agent agente
argent
papa
papier
pape
mars
mari
maree
reve
revers
merite
desir
quartier
front
frontiere
marquis
gens
genie
gare
gars
position
dans
travers
visite
visa
realite
tele
penis
verite
verse
vers
armee
terrasse
poussiere
attention
plaisanterie
capitale
millier
mille
dessert
retrait
retraite
habit
habitant
mairie
publicite
lieue
infirmite
menton mentons
tendon tendons
baton batons
mouton moutons
conseiller conseillere
etranger etrangere
posterite
licence
taxi
sel
colon colons
savon savons
nourrisson nourrissons
seconde
pays
palais
crise
fois
foi
foie
foyer
plaisir
plaie
option
mention
"""

ENDINGS = {
    "I": "ons ez ais ait aient iez ant ante antes ants",
    "F": "ai as a ons ez ont ais ait aient ions iez",
    "P": " e es s",
    "S": "e es ent iez",
    "D": "re s ons ez ait aient ant ante antes ants e es ent ra ras rai rons rez ront rait raient u us ue ues it irent is ",
    "1": "er e es ent ons ez ait aient ant ante antes ants era eront erait eraient a erent ee ees",
    "2": "ir is it i ie ies ira irons iront irait iraient irent issons issez issent issait issaient issant issante issantes isse",
}

VERBS = """
aller vais va vas vont all+I alle allee alles allees alla allerent ir+F aille aillent
venir viens vient ven+I viennent viendr+F venu+P vint vinrent | re de inter par con pre sur sou pro contre
tenir tient tiens ten+I tienn+S tiendr+F tenu+P tint tinrent | main con re ob sou de entre appar
pouvoir peux peut peuvent pouv+I pourr+F puiss+S pu
vouloir veux veut veulent voul+I voudr+F veuill+S voulu+P voulut
devoir dois doit doivent dev+I devr+F doiv+S due dues dut
savoir sais sait savons sav+I savent saur+F sach+S sue sut
voir vois voit voient voy+I verr+F vu+P vit virent | re entre
prevoir prevois prevoit prevoient prevoy+I prevoir+F prevu+P
pourvoir pourvoit pourvoient pourvoy+I pourvoir+F pourvu+P
recevoir recois recoit recoiv+S recev+I recevr+F recu+P recut
decevoir decoit decoiv+S decev+I decevr+F decu+P
percevoir percoit percoiv+S percev+I percevr+F percu+P | a
concevoir concoit concoiv+S concev+I concevr+F concu+P
falloir faut fallait faudra faudrait fallu
valoir vaut val+I vaudr+F valu+P
prendre prend prends pren+I prenn+S prendr+F pris+P prit prirent | re ap com sur entre me
mettre met mets mett+I mett+S mettr+F mis+P mit mirent | re de per pro ad com trans sou e o compro
dire dis dit+P dis+I dis+S dites dir+F dirent | re contre inter pre
faire fais fait+P fais+I faites font fer+F fass+S fit firent | re de satis contre
lire lis+I lis+S lir+F lu+P lut | re
elire elit elis+I elis+S elir+F elu+P elut | re
ecrire ecris ecrit+P ecriv+I ecriv+S ecrir+F ecrivit | r
decrire decrit+P decriv+I decriv+S decrir+F
-crire cris crit+P criv+I criv+S crir+F | ins sous pres trans pros circons
-duire duis duit+P duis+I duis+S duir+F | con pro re intro tra se de in repro
-struire struis struit+P struis+I struis+S struir+F | con in recon
detruire detruit+P detruis+I detruis+S detruir+F
ouvrir ouvr+I ouvr+S ouvrir+F ouvert+P ouvrit ouvrirent | r c dec rec entr
offrir offr+I offr+S offrir+F offert+P offrit
souffrir souffr+I souffr+S souffrir+F souffert+P
courir cour+I cour+S courr+F couru+P
-courir cours court cour+I cour+S courr+F couru+P | par con re se dis ac
mourir meurs meurt mour+I meur+S mourr+F mort+P mourut moururent
naitre nait naiss+I naiss+S naitr+F nee nees naquit | re
connaitre connais connait connaiss+I connaiss+S connaitr+F connu+P connut | re me
paraitre parait paraiss+I paraiss+S paraitr+F paru+P parut | ap dis com re
croire crois croit croient croy+I croir+F cru crue crut
croitre croiss+I croiss+S croitr+F | ac
accroitre accroit accru+P
boire boivent buv+I boiv+S boir+F bu bue
vivre viv+I viv+S vivr+F vecu+P vecut | sur re
suivre suit suiv+I suiv+S suivr+F suivi+P suivit | pour
battre bat bats batt+I batt+S battr+F battu+P | com de a re
vaincre vainc vainqu+I vainqu+S vaincr+F vaincu+P | con
-aindre ains aint+P aign+I aign+S aindr+F | cr pl contr
-eindre eins eint+P eign+I eign+S eindr+F | p rep dep att et t f restr ast
joindre joins joint+P joign+I joign+S joindr+F | re ad
rompre romps rompt romp+I romp+S rompr+F rompu+P | inter cor
sortir sors sort sort+I sort+S sortir+F sorti+P sortit
partir pars part+I part+S partir+F partit
sentir sens sent sent+I sent+S sentir+F senti+P sentit | res con pres
servir sert serv+I serv+S servir+F servi+P | des
dormir dors dort dorm+I dorm+S dormir+F dormi
endormir endort endorm+I endorm+S endormir+F endormi+P
mentir ment+I ment+S mentir+F menti | de
acquerir acquiert acquer+I acquier+S acquerr+F acquis+P
conquerir conquiert conquer+I conquier+S conquerr+F conquis+P
fuir fuit fuient fuy+I fuir+F fui | en
sourire sourit sourient souriait souriant
plaire plait plais+I plais+S plair+F | de
taire tait tais+I tais+S tair+F
resoudre resout resolv+I resolv+S resoudr+F resolu+P
dissoudre dissous dissout+P dissolv+I dissolv+S dissoudr+F
conclure conclut conclu+I conclu+S conclur+F conclu+P
exclure exclut exclu+I exclu+S exclur+F exclu+P
inclure inclut inclu+I inclu+S inclur+F inclus+P
cueillir cueill+I cueill+S cueiller+F cueilli+P | ac re
envoyer envoie envoient envoy+I enverr+F envoye+P envoya | r
vendre vend+D | re
rendre rend+D
tendre tend+D | at en pre de e sous
-endre end+D | f def p dep susp desc redesc
-ondre ond+D | rep conf p corresp
perdre perd+D
-ordre ord+D | m t
repandre repand+D
asseoir assied assey+I asseoir+F assis+P assit
mouvoir meut meuvent mouv+I mouvr+F
emouvoir emeut emeuvent emouv+I emu+P
promouvoir promeut promeuv+S promouv+I promouvr+F promu+P
interdire interdit+P interdis+I interdis+S interdir+F
agir ag+2 | re inter
unir un+2 | re
batir bat+2
nourrir nourr+2
murir mur+2
guerir guer+2
perir per+2
punir pun+2
obeir obe+2 | des
trahir trah+2
saisir sais+2 | des res
reussir reuss+2
choisir chois+2
grandir grand+2 | a
entrer entr+1 | r
oser os+1
user us+1
oter ot+1
opter opt+1 | ad
errer err+1
aimer aim+1
glisser gliss+1
tisser tiss+1 | re
plisser pliss+1
visser viss+1 | de
hisser hiss+1
ratisser ratiss+1
tapisser tapiss+1
esquisser esquiss+1
"""


def _forms(line: str) -> Iterator[tuple[str, str]]:
    """Yield each form that a line tells, with the word under which it is looked for."""
    told, _bar, prefixes = line.partition("|")
    base, *others = told.split()
    bare = [] if base.startswith("-") else [""]
    base = base.removeprefix("-")
    for prefix in [*bare, *prefixes.split()]:
        yield prefix + base, prefix + base
        for other in others:
            stem, plus, kind = other.partition("+")
            for ending in ENDINGS[kind].split(" ") if plus else [""]:
                yield prefix + stem + ending, prefix + base


def table() -> dict[str, str]:
    """Return every irregular form with the word under which it is looked for; of two, the one that is told first."""
    found: dict[str, str] = {}
    for told, mark in ((APART, "0"), (WORDS, ""), (VERBS, "")):
        for line in filter(None, told.splitlines()):
            for form, base in _forms(line):
                found.setdefault(form, base + mark)
    return found

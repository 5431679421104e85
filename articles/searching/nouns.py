"""French words whose endings tell the wrong thing: nouns that look like a verb's plural, and verbs that look like a noun.

Accents are left out, as everywhere behind the search.
"""

# «Ballons» is no form of «baller», while «parlons» is one of «parler». Of those in -ion, whose plurals pass for no verb's,
# a few.
_IN_ON = """
abandon accordeon aiglon aiguillon aileron amidon arcon armon artimon aviron avorton badigeon baillon balafon balcon
balestron ballon balluchon baluchon barbon baron baryton basson bataillon baton belon biathlon biberon bichon bidon
billon bison blason blouson boisson bombardon bonbon bondon boston bottillon bouchon bouffon bougon bouillon boulon
bourbon bourdon bourgeon bourguignon bouton breton bridon brouillon bucheron buisson cabanon cabochon caisson calecon
calisson cameleon canasson caneton canon canton canyon capon capuchon carafon cardon cargaison carillon carton cartoon
casson ceinturon cendrillon chainon chalon champignon chanson chaperon chapon charancon charbon chardon charreton
charron chatillon chaton chaudron chausson chevron chicon chiffon chignon ciron citron clairon clayon clocheton
cloison cochon cocon codon colimacon colon combinaison compagnon comparaison conjugaison contrefacon contrepoison
cordon cornichon coron cotillon coton coupon crampon crayon crepon crevaison croisillon crouton cuisson culeron
cureton decathlon declinaison demangeaison demon deraison devon diapason dicton dindon donjon doublon dragon dromon
durillon echantillon echelon ecusson edredon electron embryon emerillon environ eperon escadron espadon estragon
esturgeon etalon etron exhalaison facon fanfaron fanon faucon felon fenaison fenestron feston feuilleton filon flacon
fleuron flocon flonflon floraison forgeron foulon fourchon fourgon fragon frelon freon fripon frison frisson
frondaison fronton fumeron gallon galon garcon gardon garnison gascon gazon germon gibbon girafon giron giton glacon
glouton goemon goudron goujon goupillon gravillon greffon grelon griffon grignon grillon grison grognon guenon
gueridon guerison gueuleton guidon guignon hackathon haillon hamecon hanneton harpon hayon herisson heron hoqueton
horizon huron inclinaison infrason interferon jalon jambon jargon jeton jupon juron klaxon lagon lancon lanternon
lapon lardon larron layon lecon liaison limacon limon liron liseron liston livraison longeron lorgnon luron macaron
macon maillon maison mamelon manchon maquignon marathon marmiton marron medaillon melon menton micron microsillon
mignon mirliton miroton miton mitron moellon moignon moinillon moisson molleton moucheron mouflon mouron mousqueton
moussaillon mousseron mousson mouton napoleon napperon neutron nippon nourrisson nucleon nylon oignon oisillon oison
oraison oreillon orillon orpheon ourson paillasson paillon panneton pantalon pantheon papillon pardon patachon
patisson paton patron paturon pavillon peloton pendaison percheron peroraison perron pharaon phlegmon photon
pieton pigeon pignon pilon pincon pinson piston piton planton plastron plongeon pochon poelon pognon poincon poison
poisson poivron polisson polochon poltron pompon ponton portillon postillon potiron poumon poupon prison proton
puceron python quarteron quignon quillon raidillon raison rancon raton rayon reblochon rejeton reveillon rhododendron
riblon rogaton rognon ronron sablon saison salaison salisson salon saloon santon saucisson saumon sauvageon sauvignon
savon saxon scion sermon sillon singleton siphon skeleton soisson souillon soupcon succion surgeon suspicion tacheron
talon tampon tapon tatillon taurillon taxon teflon telethon tendon tendron tenon terminaison tesson teton teuton timon
tison toison torchon toron tortillon tourbillon tourillon trahison triathlon trognon troncon trublion typhon ultrason
unisson vairon vallon venaison vengeron vermillon veston vigneron violon vison wagon wallon
"""
# «Client» is no form of «clier», as «plient» is of «plier».
_IN_ENT = """
absent accent accident adherent adjacent adolescent affluent antecedent apparent ardent argent auvent client
coefficient coherent competent concurrent confident confluent conscient consequent content continent contingent
convalescent couvent decadent decent deficient detergent different diligent dissident divergent eloquent emergent
eminent equivalent evident excedent excellent fervent fluorescent frequent imminent impatient impertinent imprudent
incident incoherent incompetent inconscient inconsequent inconvenient indecent indifferent indigent indolent indulgent
influent ingredient inherent innocent insolent intelligent intermittent latent mecontent negligent occident omnipotent
omnipresent onguent opulent orient parent patent patient penitent permanent pertinent phosphorescent pourcent
precedent present president proeminent prudent quotient recent recipient recurrent regent relent resident reticent
sergent serpent somnolent strident subconscient succulent talent torrent transparent trident turbulent urgent violent
virulent vincent laurent florent clement souvent
"""
# Verbs in -ment that end as «gouvernement» does.
_VERBS_IN_MENT = """
acclament affament affirment aiment allument animent arment assomment assument blament brument calment clament
compriment confirment conforment consomment consument deciment deforment depriment desarment dorment embaument
enferment enflamment entament estiment exclament expriment filment forment fument germent impriment informent nomment
oppriment parsement priment proclament programment raniment reclament referment reforment renferment resument riment
sement somment suppriment surnomment transforment riment
"""
IN_ON = frozenset(_IN_ON.split())
IN_ENT = frozenset(_IN_ENT.split())
VERBS_IN_MENT = frozenset(_VERBS_IN_MENT.split())

"""Words of every day that are somebody's name too, in French and English; folded (`hub.core.folding`)."""

_FRENCH = """
    abbe agneau aime aimee ami ange arbre archer argent aube aurore barbier beau bel belle berger blanc blanche boeuf
    bois bon bonne boucher boulanger bourgeois brun brune bruyere calme capucine celeste cerise chance chapelle
    charbonnier charpentier chateau chene cheval chevalier clair claire clement clementine clerc colombe comte constance
    constant content coq corbeau cordier cote cour court cousin couture couturier croix desire desiree dimanche doux
    droit duc eglise ete eveque fidele fleur flore fontaine forest foret fort fortune fosse fougere frene froment gendre
    genet gentil grace grand grange gras gravel grenier gris gros hardi haut hiver honore houx iris jardin jasmin jeune
    joli jour juste lac lapin laurier levant lievre long loup lune maire maison marais marbre marchand marguerite marin
    marine marquis martinet mer merle meunier mineur modeste moine mont montagne moulin mouton moyen mur neuf neveu
    noble noir noyer olive olivier orme page paix palais papillon paradis parc parent parfait patience pelletier perle
    perron petit petite pierre pigeon pin pinson plaine plante poirier poisson pommier pont port porte potier pre prince
    prudence prune puits reine renard riche riviere robin roche rocher roi rond rose rosier rossignol rouge rousse roux
    roy rue sable sage sapin saule sauvage sec seigneur sergent soleil solide tailleur terrier tilleul tour tremble
    vacher val vallee verdier verger verrier vert victoire vieux vigne ville violette vivant
""".split()  # noqa: SIM905 (a list of them reads worse)

_ENGLISH = """
    amber archer art autumn baker ball banks barber bay bell best bird bishop black bloom bowl bridge bridges
    bright brook brooks brown bush butcher carpenter carter chance church clay cliff cook cooper crane cross daisy dawn
    day dean drew early east faith farmer field fields fisher flowers ford forest fox frank freeman frost gardener gate
    gates glass gold good grace grant gray green grey grove hall hardy hart hazel heath hill hills holiday holly home
    hood hope house hunt hunter iris ivy jack joy king knight lake lamb lane lily little long love mark marsh mason
    mead melody mill miller mills moss north olive page park parks pearl pond poppy porter potter powers price rain
    ray reed rice rich rivers road rob robin rock rose ruby rush sage sandy savage sharp shepherd short singer skinner
    small snow south spring steele stone storm street strong summer summers swan swift tanner thorn tiller turner wade
    walker wall walls ward waters weaver wells west white will wise wolf wood woods woody young
""".split()  # noqa: SIM905 (as above)

# With a capital in English wherever they stand.
MONTHS = frozenset(
    """
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    january february march april may june july august september october november december
    """.split()  # noqa: SIM905 (as above)
)

COMMON = frozenset({*_FRENCH, *_ENGLISH, *MONTHS})

"""The made-up names of the training company: English and French, and a group that programs stumble over."""

PLACES = (
    "Riverside", "Saint-Hyacinthe", "Maple Ridge", "Trois-Rivières", "Harbour Point", "Longueuil", "Oak Street",
    "Sept-Îles", "Northgate", "Rivière-du-Loup", "Kingsbury", "Montmagny", "Lakeview", "L'Ancienne-Lorette",
    "Elm Park", "Châteauguay", "Stonebridge", "Val-d'Or", "Fairmont", "Baie-Comeau",
)  # fmt: skip

BUILDINGS = (
    "Elementary School", "École primaire", "Water Treatment Plant", "Usine de filtration", "Parking Structure",
    "Stationnement étagé", "Medical Clinic", "Clinique médicale", "Fire Station", "Caserne de pompiers",
    "Office Tower, Phase 2", "Tour de bureaux, phase 2", "Bridge Rehabilitation", "Réfection du pont",
    "Sports Complex", "Complexe sportif", "Distribution Centre", "Centre de distribution", "Library", "Bibliothèque",
)  # fmt: skip

FAMILIES = (
    "Anderson", "Bélanger", "Campbell", "Côté", "Dubois", "Evans", "Fournier", "Gagnon", "Hughes", "Lévesque",
    "MacDonald", "Nguyen", "O'Brien", "Pelletier", "Quinn", "Roy", "Sørensen", "Tremblay", "Villeneuve", "Wójcik",
)  # fmt: skip

TRADES = (
    "Concrete Ltd.", "Béton inc.", "Electric", "Électrique inc.", "Plumbing & Heating", "Plomberie et chauffage",
    "Steel Fabricators", "Acier ltée", "Roofing", "Toitures inc.", "Drywall Systems", "Systèmes intérieurs",
    "Excavation", "Excavation et fils", "Glass and Glazing", "Vitrerie", "Paving", "Pavage inc.", "Rentals",
    "Location d'outils",
)  # fmt: skip

# Each is a name that some program somewhere has mangled.
AWKWARD = (
    'Smith "The Roofer" & Sons',
    "O'Reilly; DROP TABLE vendors",
    "Bétons Élite & Frères <Québec>",
    "Nom\u00a0avec\u00a0espaces\u00a0insécables",
    "=SUM(A1:A9) Supplies",
    "+1 Crane Rental",
    "@Home Interiors",
    "-Dash First Masonry",
    "\u200fמסגריית הצפון\u200e Metalworks",
    "株式会社 Tanaka 建設",
    "Ice Cube 🧊 Cooling",
    "A&amp;B Already Escaped",
    "Back\\slash and 100 % of %s {braces}",
    "Trailing space ",
    "é combining e\u0301 Paints",
    "Zero\u200bWidth Electrical",
    "Very Long " + "Consolidated Regional Infrastructure and Environmental Remediation " * 3 + "Ltd.",
    "null",
    "0012E5",
    "Tab\tInside Hauling",
)

DIVISIONS = (
    ("01", "General Requirements", "Exigences générales"),
    ("02", "Existing Conditions", "Conditions existantes"),
    ("03", "Concrete", "Béton"),
    ("04", "Masonry", "Maçonnerie"),
    ("05", "Metals", "Métaux"),
    ("06", "Wood and Plastics", "Bois et plastiques"),
    ("07", "Thermal and Moisture", "Isolation et étanchéité"),
    ("08", "Openings", "Ouvertures"),
    ("09", "Finishes", "Finis"),
    ("10", "Specialties", "Ouvrages spéciaux"),
    ("11", "Equipment", "Équipement"),
    ("12", "Furnishings", "Ameublement"),
    ("13", "Special Construction", "Constructions spéciales"),
    ("14", "Conveying Equipment", "Appareils de levage"),
    ("21", "Fire Suppression", "Protection incendie"),
    ("22", "Plumbing", "Plomberie"),
    ("23", "HVAC", "CVCA"),
    ("26", "Electrical", "Électricité"),
    ("31", "Earthwork", "Terrassement"),
    ("32", "Exterior Improvements", "Aménagements extérieurs"),
)

PARTS = (
    "supervision", "layout", "temporary works", "supply", "installation", "formwork", "reinforcing", "finishing",
    "testing", "inspection", "small tools", "rentals", "hoisting", "clean-up", "protection", "delivery", "overtime",
    "main-d'œuvre", "matériaux", "sous-traitance",
)  # fmt: skip

# Sage's category, its name, and Procore's base type (one of the contract's six).
COST_TYPES = (
    ("L", "Labor", "other"),
    ("M", "Material", "materials"),
    ("S", "Subcontract", "commitment"),
    ("E", "Equipment", "equipment"),
    ("O", "Other", "other"),
    ("P", "Honoraires professionnels", "professional_services"),
    ("B", "Burden", "owner_cost"),
)

SUB_JOBS = ("Base contract", "Site work", "Travaux extérieurs", "Tenant improvements", "Phase 2", "Avenants")

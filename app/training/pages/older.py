"""The words of an older edition of both sites, where they differ: from other editions' tutorials, or likely [I]."""

from app.domain.filters import DateRange, Depth
from app.domain.tabs import Tab

HH2: dict[str, dict[str, str]] = {
    "en": {"user": "Username", "log-in": "Sign In", "log-out": "Sign Out"},
    "fr": {"user": "Utilisateur", "log-in": "Se connecter", "log-out": "Fermer la session"},
}
PROCORE: dict[str, dict[str, str]] = {
    "en": {
        "user": "Email Address",
        "log-in": "Sign In",
        "log-out": "Sign Out",
        "tool": "ERP Integration",
        "job": "Select a Project",
    },
    "fr": {
        "user": "Adresse e-mail",
        "log-in": "Se connecter",
        "log-out": "Se déconnecter",
        "tool": "Intégrations PGI",
        "job": "Sélectionner un projet",
        "ready-to-import": "Prêt à importer",
    },
}
RANGES: dict[str, dict[DateRange, str]] = {
    "en": {
        DateRange.PAST_WEEK: "Last Week",
        DateRange.PAST_MONTH: "Last Month",
        DateRange.PAST_YEAR: "Last Year",
    },
    "fr": {
        DateRange.PAST_WEEK: "La semaine dernière",
        DateRange.PAST_MONTH: "Le mois dernier",
        DateRange.PAST_YEAR: "L'année dernière",
        DateRange.ALL: "Toutes les modifications",
    },
}
DEPTHS: dict[str, dict[Depth, str]] = {
    "en": {Depth.SHALLOW: "Shallow", Depth.DEEP: "Deep"},
    "fr": {Depth.SHALLOW: "Superficielle", Depth.DEEP: "Profonde"},
}
# What a tab is called, and its button.
TABS: dict[str, dict[Tab, tuple[str, str]]] = {
    "en": {
        Tab.COST_CODES: ("Std. Cost Codes & Categories", "Sync Cost Codes & Categories"),
        Tab.VENDORS: ("Companies", "Refresh Company List"),
        Tab.JOBS: ("Projects", "Refresh Project List"),
        Tab.SUB_JOBS: ("Subjobs", "Refresh Sub Job List"),
        Tab.PRIME_CONTRACTS: ("Prime Contracts", "Refresh Prime Contracts"),
        Tab.JOB_COSTS: ("Job Costs", "Sync Job Costs"),
    },
    "fr": {
        Tab.COST_CODES: (
            "Std. Codes de coût et catégories",
            "Synchroniser les codes de coûts et les types de coûts",
        ),
        Tab.VENDORS: ("Entreprises", "Actualiser la liste des entreprises"),
        Tab.JOBS: ("Emplois", "Actualiser la liste des emplois"),
        Tab.SUB_JOBS: ("Sous-travaux", "Actualiser la liste des sous-projets"),
        Tab.PRIME_CONTRACTS: ("Contrats principaux", "Actualiser la liste des contrats principaux"),
        Tab.JOB_COSTS: ("Coûts des travaux", "Synchroniser les coûts du projet pour le projet sélectionné"),
    },
}

"""The words of the training pages, in both languages: the labels are the real products' own where they are known."""

import datetime as dt
from collections.abc import Callable

from app.domain.filters import DateRange, Depth
from app.domain.looks import Phase
from app.domain.tabs import NOT_ON_DEMAND, TABS, Tab
from app.training import texts
from app.training.operations import Refresh, Sync
from app.training.pages import older
from app.training.pages.skins import Skin

Words = dict[str, str]

HH2: dict[str, Words] = {
    "en": {
        "title": "hh2 training site", "training": "TRAINING", "user": "User Name",
        "password": "Password", "log-in": "Log In",
        "log-out": "Log Out", "quick-menu": "Quick Menu", "accounting-sync": "Accounting Sync", "home": "Home",
        "dashboard": "Dashboard", "users": "Users", "settings": "Settings", "sync-filters": "Sync Filters",
        "date-range": "Date Range", "depth": "Sync Depth", "apply": "Apply Settings", "start": "Start Sync",
        "applied": "Settings applied.", "refused": "The user name or password is incorrect.",
        "locked": "This user is locked. Ask your hh2 administrator.", "client": "This application is not accepted.",
        "failures": "Failures", "history": "Recent syncs", "welcome": "Welcome. Nothing on this site is real.",
        "unreadable": "This part of the page could not be loaded.", "about": texts.ABOUT_DEPTH,
        "start-asks": "Start the sync now?", "other": "Payroll Sync", "other-about": "Hours and pay; not for Procore.",
    },
    "fr": {
        "title": "Site d'exercice hh2", "training": "EXERCICE", "user": "Nom d'utilisateur",
        "password": "Mot de passe",
        "log-in": "Connexion", "log-out": "Déconnexion", "quick-menu": "Menu rapide",
        "accounting-sync": "Synchronisation comptable", "home": "Accueil", "dashboard": "Tableau de bord",
        "users": "Utilisateurs", "settings": "Paramètres", "sync-filters": "Filtres de synchronisation",
        "date-range": "Plage de dates", "depth": "Profondeur de synchronisation", "apply": "Appliquer les paramètres",
        "start": "Démarrer la synchronisation", "applied": "Paramètres appliqués.",
        "refused": "Le nom d'utilisateur ou le mot de passe est incorrect.",
        "locked": "Cet utilisateur est verrouillé. Adressez-vous à votre administrateur hh2.",
        "client": "Cette application n'est pas acceptée.", "failures": "Erreurs",
        "history": "Synchronisations récentes",
        "welcome": "Bienvenue. Rien n'est réel sur ce site.",
        "unreadable": "Cette partie de la page n'a pas pu être chargée.",
        "start-asks": "Démarrer la synchronisation maintenant ?", "other": "Synchronisation de la paie",
        "other-about": "Heures et salaires; rien pour Procore.",
        "about": "La synchronisation superficielle lit les dossiers actifs et les coûts selon leur date de "
                 "comptabilisation. La synchronisation profonde lit aussi les dossiers inactifs et les coûts selon "
                 "leur jour de saisie; elle dure plus longtemps.",
    },
}  # fmt: skip

PROCORE: dict[str, Words] = {
    "en": {
        "title": "Procore training site", "training": "TRAINING", "user": "Email",
        "password": "Password", "log-in": "Log In",
        "log-out": "Log Out", "tools": "Company Tools", "home": "Home", "directory": "Directory",
        "tool": "ERP Integrations",
        "reports": "Reports", "refused": "The email or password is incorrect.", "job": "Select a Job",
        "requests": "ERP Requests", "no-requests": "No requests yet", "records": "Records",
        "welcome": "Welcome. Nothing on this site is real.",
        "read-only": "Your access level is {level}.", "flash": "{title} will begin refreshing.",
        "flash-job-costs": "Job Costs Will Begin Syncing", "not-on-demand": "These wait for an accounting approver.",
        "number": "Code", "name": "Name",
        "ready-to-import": "Ready to Import", "ready-to-export": "Ready to Export",
        "ready-to-update": "Ready to Update",
        "failed-to-export": "Failed to Export", "synced": "Synced", "archived": "Archived",
        "accept": "Accept", "import": "Import", "reject": "Reject", "archive": "Archive",
        "other": "Company Directory", "other-about": "The same list, as the directory knows it.",
        "asks": "This will refresh the list. Go on?", "asks-cost-codes": "This will sync cost codes and types. Go on?",
        "asks-job-costs": "This will sync job costs for the selected job. Go on?",
    },
    "fr": {
        "title": "Site d'exercice Procore", "training": "EXERCICE", "user": "Courriel", "password": "Mot de passe",
        "log-in": "Connexion", "log-out": "Déconnexion", "tools": "Outils de l'entreprise", "home": "Accueil",
        "directory": "Répertoire", "tool": "Intégrations ERP", "reports": "Rapports",
        "refused": "Le courriel ou le mot de passe est incorrect.", "job": "Sélectionnez un projet",
        "requests": "Demandes ERP", "no-requests": "Aucune demande", "records": "Dossiers",
        "welcome": "Bienvenue. Rien n'est réel sur ce site.",
        "read-only": "Votre niveau d'accès est {level}.", "flash": "{title} : l'actualisation va commencer.",
        "flash-job-costs": "La synchronisation des coûts du projet va commencer",
        "not-on-demand": "Ces éléments attendent un approbateur comptable.",
        "number": "Code", "name": "Nom",
        "ready-to-import": "Prêt pour l'importation", "ready-to-export": "Prêt pour l'exportation",
        "ready-to-update": "Prêt pour la mise à jour", "failed-to-export": "Échec de l'exportation",
        "synced": "Synchronisé", "archived": "Archivé",
        "accept": "Accepter", "import": "Importer", "reject": "Rejeter", "archive": "Archiver",
        "other": "Répertoire de l'entreprise", "other-about": "La même liste, telle que le répertoire la connaît.",
        "asks": "Voulez-vous actualiser la liste ?", "asks-cost-codes": "Voulez-vous synchroniser les codes de coût ?",
        "asks-job-costs": "Voulez-vous synchroniser les coûts du projet ?",
    },
}  # fmt: skip

COMMON: dict[str, Words] = {
    "en": {
        "menu": "Menu", "actions": "Actions", "archive": "Archive", "last-synced": "Last synced", "log": "Activity log",
        "cookies": "Cookies", "cookies-told": "This training site keeps one cookie, to know who signed in.",
        "cookies-accept": "Accept all cookies", "cookies-close": "Reject all cookies",
        "maintenance": "Planned maintenance", "maintenance-told": "This training site is shut on Saturday night.",
        "maintenance-close": "Close",
    },
    "fr": {
        "menu": "Menu", "actions": "Actions", "archive": "Archiver", "last-synced": "Dernière synchronisation",
        "log": "Journal d'activité",
        "cookies": "Cookies", "cookies-told": "Ce site d'exercice garde un seul cookie, pour savoir qui est connecté.",
        "cookies-accept": "Accepter tous les cookies", "cookies-close": "Refuser tous les cookies",
        "maintenance": "Entretien prévu", "maintenance-told": "Ce site d'exercice est fermé samedi soir.",
        "maintenance-close": "Fermer",
    },
}  # fmt: skip

_RANGES: dict[str, dict[DateRange, str]] = {
    "en": dict(zip(DateRange, ("Today", "Past Week", "Past Month", "Past Year", "All Changes"), strict=True)),
    "fr": dict(
        zip(
            DateRange,
            ("Aujourd'hui", "Semaine dernière", "Mois dernier", "Année dernière", "Tous les changements"),
            strict=True,
        )
    ),
}
_DEPTHS: dict[str, dict[Depth, str]] = {
    "en": dict(zip(Depth, ("Shallow Sync", "Deep Sync"), strict=True)),
    "fr": dict(zip(Depth, ("Synchronisation superficielle", "Synchronisation profonde"), strict=True)),
}

_FRENCH_TABS = {
    Tab.COST_CODES: (
        "Codes de coût et types de coût standard",
        "Synchroniser les codes de coût et les types de coût",
    ),
    Tab.VENDORS: ("Fournisseurs", "Actualiser la liste des fournisseurs"),
    Tab.JOBS: ("Projets", "Actualiser la liste des projets"),
    Tab.SUB_JOBS: ("Sous-projets", "Actualiser la liste des projets"),
    Tab.PRIME_CONTRACTS: ("Contrats principaux", "Actualiser la liste des contrats principaux"),
    Tab.JOB_COSTS: ("Coûts du projet", "Synchroniser les coûts du projet"),
}
_FRENCH_OTHERS = (
    "Budgets",
    "Engagements",
    "Ordres de changement à l'engagement",
    "Ordres de changement au contrat principal",
)


def hh2_words(look: Skin) -> Words:
    """The words of hh2's page, by their keys."""
    return {**COMMON[look.language], **HH2[look.language], **(older.HH2[look.language] if look.older else {})}


def procore_words(look: Skin) -> Words:
    """The words of Procore's pages, by their keys."""
    return {
        **COMMON[look.language],
        **PROCORE[look.language],
        **(older.PROCORE[look.language] if look.older else {}),
    }


def ranges(look: Skin) -> dict[DateRange, str]:
    """What each date range is called."""
    return {**_RANGES[look.language], **(older.RANGES[look.language] if look.older else {})}


def depths(look: Skin) -> dict[Depth, str]:
    """What each depth is called."""
    return {**_DEPTHS[look.language], **(older.DEPTHS[look.language] if look.older else {})}


def tab_title(tab: Tab, look: Skin) -> str:
    """What a tab is called."""
    if look.older:
        return older.TABS[look.language][tab][0]
    return _FRENCH_TABS[tab][0] if look.language == "fr" else TABS[tab].title


def tab_button(tab: Tab, look: Skin) -> str:
    """What its own button is called; Job Costs' is the one of the generic page, with its drop-down. [C]"""
    if look.older:
        return older.TABS[look.language][tab][1]
    if look.language == "fr":
        return _FRENCH_TABS[tab][1]
    return "Sync Job Costs for Selected Job" if tab is Tab.JOB_COSTS else TABS[tab].button


def others(look: Skin) -> tuple[str, ...]:
    """The tabs without an on-demand sync."""
    return _FRENCH_OTHERS if look.language == "fr" else NOT_ON_DEMAND


_SYNC_FR = {
    Phase.QUEUED: "Synchronisation {number} demandée par {who}; en attente du client de synchronisation.",
    Phase.RUNNING: "Synchronisation {number} en cours : {percent} %.",
    Phase.DONE: "Synchronisation {number} terminée le {at}. {records} dossiers nouveaux ou modifiés.",
    Phase.FAILED: "Échec de la synchronisation {number} le {at}. {failures} erreurs.",
    Phase.OFFLINE: "Synchronisation {number} en attente : le client de synchronisation est hors ligne.",
}
_REFRESH_FR = {
    Phase.QUEUED: "Demande {number} : va commencer sous peu.",
    Phase.RUNNING: "Demande {number} : en cours.",
    Phase.DONE: "Demande {number} : réussie, {at}. {updated} mis à jour, {staged} prêts pour l'importation.",
    Phase.FAILED: "Demande {number} : échec, {at}. Le connecteur ERP n'a pas répondu.",
    Phase.STALE: "Demande {number} : périmée.",
}


def sync_text(language: str, sync: Sync, phase: Phase, now: float, at: Callable[[float], dt.datetime]) -> str:
    """What hh2's page says of a sync."""
    if language != "fr":
        return texts.sync_text(sync, phase, now, at)
    ended = sync.ends if sync.ends is not None and phase in (Phase.DONE, Phase.FAILED) else now
    return _SYNC_FR[phase].format(
        number=sync.number,
        who=sync.who,
        percent=int(100 * (sync.progress(now) or 0)),
        at=texts.stamp(at(ended)),
        records=sync.records,
        failures=len(sync.failures),
    )


def refresh_text(language: str, refresh: Refresh, phase: Phase, at: Callable[[float], dt.datetime]) -> str:
    """What Procore's tab says of a refresh."""
    if language != "fr":
        return texts.refresh_text(refresh, phase, at)
    return _REFRESH_FR[phase].format(
        number=refresh.number,
        at=texts.stamp(at(refresh.ends)),
        updated=refresh.updated,
        staged=refresh.staged,
    )

"""What a profile's file says about itself: a comment for every setting, written into a new file."""

HEADER = (
    "On-Demand Sync: the settings of one company. The name of this file is the name of the company's profile.",
    "No password or key stands here: those are in the keyring (Windows Credential Manager, Keychain, Secret Service).",
    "Change a value with the program closed; your own comments stay. A line that begins with # says nothing to it.",
)

NOTES: dict[str, tuple[str, ...]] = {
    "version": ("The form of this file. Leave it as it is.",),
    "driver": (
        "How the two sites are reached:",
        "  browser   the program presses the buttons in the installed Edge, Chrome or Chromium;",
        "  assisted  the program opens the page and points, you press;",
        "  training  the training company on this computer, nothing else.",
    ),
    "hh2": ("hh2: where step 1 is done.",),
    "hh2.site": ("The name between https:// and .hh2.com in the address of your hh2 site.",),
    "hh2.base": ("A whole address instead of the site's name. Empty: https://<site>.hh2.com",),
    "hh2.user": ("The user name you sign in to hh2 with.",),
    "hh2.services": (
        "Use hh2's documented web services too (needs an API key of your own from hh2): jobs with cost movement,",
        "failures, and the comparison of both sides.",
    ),
    "procore": ("Procore: where step 2 is done.",),
    "procore.company_id": ("The number of your company in Procore. 0: not known yet.",),
    "procore.company_name": ("Its name, for you to read.",),
    "procore.user": ("The account (e-mail address) you sign in to Procore with.",),
    "procore.login": ("Where one signs in. Another address than Procore's own is for Procore's sandboxes.",),
    "procore.api": ("Where Procore's documented web services are.",),
    "procore.web": ("Where Procore's pages are.",),
    "procore.client_id": ("The id of your company's own Procore app. Empty: its web services are not used.",),
    "procore.service_account": ("That app signs in for itself, not for a person.",),
    "run": ("What a run starts from. The window and the command line can ask for something else each time.",),
    "run.date_range": ("How far back hh2 looks: today, past-week, past-month, past-year, all.",),
    "run.depth": ("How deep: shallow or deep.",),
    "run.tabs": (
        "The tabs of Procore's ERP Integrations tool to refresh:",
        "cost-codes, vendors, jobs, sub-jobs, prime-contracts, job-costs.",
    ),
    "run.jobs": ("The jobs (by code) whose costs are refreshed. Empty: the program proposes them.",),
    "run.go_on": ("Go on with these tabs by itself when step 1 is proven finished.",),
    "run.keep_sign_in": (
        "Keep the browser's sign-ins to both sites with the passwords, so that the next run need not sign in anew, and",
        "a site that asks for a code asks less often: true or false.",
    ),
    "run.proof_minutes": ("How many minutes the proof of step 1 holds for a retry or a resume: 1 to 1440.",),
    "run.job_pause": ("Seconds between two jobs of Job Costs: 0 to 600.",),
    "match": ("What a comparison keeps, and what the safety brake stops at.",),
    "match.keep_days": (
        "For how many days records that were not read again, reports, and the files of reports that runs wrote are",
        "kept: 0 to 3650; 0 keeps them for ever. The next comparison removes what is older, never the history of runs.",
    ),
    "match.brake_percent": (
        "A run stops, and nothing replaces what was read before, where a list lost more than so many per cent of its",
        "records since the last time: 1 to 90.",
    ),
    "match.brake_records": ("… and at least so many records: 1 to 1000.",),
    "match.brake_small": ("A list of fewer records than this is judged by the per cent alone: 0 to 10000.",),
    "labels": (
        "Labels that somebody of the company taught by pointing at the control in the browser: they are used where the",
        "program's own are not found. `ondemand-sync portal taught --profile NAME` lists and removes them.",
    ),
    "run.poll": ("Seconds between two looks at a page: 1 to 60.",),
}

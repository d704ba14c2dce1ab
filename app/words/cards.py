"""The sentences of the cards, in English, with named blanks; the richest first where a fact may be missing."""

import msgspec

from app.domain.problems import ProblemId as P
from app.words.language import N_
from app.words.sites import Who


class Counted(msgspec.Struct, frozen=True):
    """A sentence about `count` of something, for one and for many."""

    one: str
    many: str
    count: str = "n"


Template = str | Counted
Sentences = Template | tuple[Template, ...]


class Words(msgspec.Struct, frozen=True):
    """The sentences of one card."""

    title: Sentences
    why: Sentences
    do: Sentences
    who: Who


_SUPPORT = N_("Send the support file, so that it can be put right.")
_SIGN_AGAIN = N_("Sign in again; the run goes on where it stopped.")

CARDS: dict[P, Words] = {
    P.NET: Words(
        (
            N_("This computer cannot reach {host}."),
            N_("This computer cannot reach {site}."),
            N_("This computer cannot reach hh2 or Procore."),
        ),
        (
            N_(
                "The certificate that came for {host} was issued by “{issuer}”, which this computer does not trust: a "
                "firewall or virus scanner inspects the connection, or somebody stands in between."
            ),
            N_("The connection ended with: {why}."),
            N_("There is no route, or a proxy, a firewall or a certificate refuses the connection."),
        ),
        (
            N_(
                "Have “{issuer}” made known to this computer as trusted, or {host} left out of the inspection. This "
                "program has no switch to pass over a certificate."
            ),
            N_("Check the network, the proxy, the firewall and the certificate. No inbound rule is needed."),
        ),
        Who.IT,
    ),
    P.HH2_LOGIN: Words(
        N_("hh2 did not accept the site, user name or password."),
        N_("It was tried once; more tries could lock the account."),
        N_("Check the site and the user name, and type the password again."),
        Who.CONTROLLER,
    ),
    P.HH2_LOCKED: Words(
        (N_("hh2 has locked the user {user}."), N_("hh2 has locked this user.")),
        N_("Several wrong passwords may have locked it."),
        N_("Ask the hh2 administrator to unlock it, then type the password again."),
        Who.HH2_ADMIN,
    ),
    P.HH2_CLIENT: Words(
        N_("hh2 did not accept this program's API key."),
        N_("The key or its secret is wrong, or hh2 has locked the key. Your own password was not the cause."),
        N_("Check the API key and its secret."),
        Who.IT,
    ),
    P.HH2_DOWN: Words(
        N_("hh2 itself is not answering."),
        (
            N_("Its servers answered with an error of their own ({status})."),
            N_("Its servers answered with an error of their own."),
        ),
        N_("See status.hh2.com, and try later."),
        Who.NOBODY,
    ),
    P.HH2_BUSY: Words(
        N_("hh2 is already syncing."),
        N_(
            "Somebody else started it, or hh2 by itself. Its filters may not be yours, so its end is not our proof."
        ),
        N_("We wait, then start ours; or you accept theirs."),
        Who.NOBODY,
    ),
    P.HH2_OFFLINE: Words(
        N_("hh2 accepted the request, but the Sage server has not picked it up."),
        (
            N_("hh2 says: {text}."),
            N_("The hh2 service on the Sage server is stopped, hangs, or has no connection."),
        ),
        N_(
            "See that the hh2 service runs on the Sage server, restart it if need be, and start the sync again."
        ),
        Who.IT,
    ),
    P.HH2_LONG: Words(
        (
            N_("This takes longer than usual (usual {usual}, now {took})."),
            N_("This takes longer than usual."),
        ),
        N_("Deep or All Changes may be slower, and so may a busy server."),
        N_("Wait, or stop it and choose a narrower date range."),
        Who.CONTROLLER,
    ),
    P.HH2_FAILED: Words(
        (
            Counted(
                N_("Step 1 ended with {n} failure. Procore was not refreshed."),
                N_("Step 1 ended with {n} failures. Procore was not refreshed."),
            ),
            N_("Step 1 failed. Procore was not refreshed."),
        ),
        (
            N_("The first: {first}."),
            N_("hh2 says: {text}."),
            N_("hh2 did not say why."),
        ),
        N_("Read the failures in hh2, put them right, and start the sync again."),
        Who.CONTROLLER,
    ),
    P.HH2_UNSURE: Words(
        N_("We could not prove that step 1 finished, so Procore was not refreshed."),
        (
            N_("The last that hh2 showed: {text}."),
            N_("Why not: {why}."),
            N_("hh2 showed no end that we could be sure of."),
        ),
        N_("Look in hh2; say what you saw to go on."),
        Who.CONTROLLER,
    ),
    P.HH2_SVC: Words(
        N_("The hh2 service on this server is not running, so Sage data cannot leave the server."),
        (
            N_(
                "Windows shows “{service}” as stopped. After a restart of the server it may not have come up."
            ),
            N_("After a restart of the server it may not have come up."),
        ),
        N_(
            "Start it in Windows' Services. If it stays down after a restart, set its start to Automatic "
            "(Delayed Start)."
        ),
        Who.IT,
    ),
    P.HH2_STALE: Words(
        N_("Sage's database was restarted after hh2. Restart hh2 before a sync."),
        (
            N_(
                "The database runs since {at}, the hh2 service since {since}: it may still hold on to the old one."
            ),
            N_("The hh2 service may still hold on to the database as it was before."),
        ),
        N_("Restart the hh2 service in Windows' Services, then look again."),
        Who.IT,
    ),
    P.ACTIAN: Words(
        N_("Sage's database service is stopped; hh2 cannot read it."),
        (
            N_("Windows shows “{service}” as stopped."),
            N_("It was stopped, or did not come up after a restart."),
        ),
        N_("Start it in Windows' Services, then restart the hh2 service."),
        Who.IT,
    ),
    P.CLOCK: Words(
        N_("This computer's clock is wrong."),
        (
            N_("It is {ahead} ahead of the clock of {host}."),
            N_("It is {behind} behind the clock of {host}."),
            N_("It differs from the clocks of hh2 and Procore."),
        ),
        N_("Have Windows set the clock by itself. One-time codes and the age of a proof depend on it."),
        Who.IT,
    ),
    P.HH2_LABEL: Words(
        N_("hh2's page has changed; nothing was pressed."),
        (
            N_("“{action}” cannot be used: {why}."),
            N_("“{action}” was not found, or more than once."),
            N_("A button or a field was not found where it always was."),
        ),
        N_("Do this step in hh2 by hand. Send the support file, so that the new page can be learned."),
        Who.CONTROLLER,
    ),
    P.HH2_ANSWER: Words(
        N_("hh2 gave an answer that we do not understand."),
        (N_("What came: {what}."), N_("It may be an error page, or hh2 has changed.")),
        N_("Try again later. If it happens again, send the support file."),
        Who.CONTROLLER,
    ),
    P.SESSION: Words(
        (N_("Your sign-in to {site} ended."), N_("Your sign-in ended.")),
        N_("A site ends a sign-in after a while, or when the same user signs in elsewhere."),
        _SIGN_AGAIN,
        Who.CONTROLLER,
    ),
    P.MFA: Words(
        (N_("{site} needs you to sign in."), N_("The site needs you to sign in.")),
        N_("It asks for something that only you can give."),
        N_("Sign in in the browser window that opened; the run goes on by itself."),
        Who.CONTROLLER,
    ),
    P.PRO_LOGIN: Words(
        N_("Procore did not accept the account or the password."),
        N_("It was tried once; more tries could lock the account."),
        N_("Check the account, and type the password again."),
        Who.CONTROLLER,
    ),
    P.PRO_CONNECT: Words(
        N_("Procore's web services have to be connected again."),
        (N_("{why}."), N_("The person's sign-in that was kept for them is not there, or is no longer good.")),
        N_(
            "Connect anew: Tools > Web services in the window, or the command "
            "ondemand-sync connect --profile NAME --sign-in."
        ),
        Who.CONTROLLER,
    ),
    P.PRO_PERM: Words(
        (
            N_("Your Procore account may open ERP Integrations but not refresh {tab}."),
            N_("Your Procore account may open ERP Integrations but not refresh this tab."),
        ),
        (N_("What is missing: {why}."), N_("Procore says: {text}."), N_("The account lacks a right.")),
        N_("It needs Standard or Admin on ERP Integrations; prime contracts need Admin there too."),
        Who.PROCORE_ADMIN,
    ),
    P.PRO_BUSY: Words(
        (N_("{tab} is already being refreshed."), N_("This tab is already being refreshed.")),
        N_("Somebody else started it. Procore takes one refresh of a tab at a time."),
        N_("We wait, then start ours."),
        Who.NOBODY,
    ),
    P.PRO_FAILED: Words(
        (N_("Procore could not refresh {tab}."), N_("Procore could not refresh this tab.")),
        (N_("Procore says: {text}."), N_("Procore did not say why.")),
        N_("Do as the text says, then retry."),
        Who.CONTROLLER,
    ),
    P.PRO_STALE: Words(
        (
            N_("Procore did not report an end for {tab}."),
            N_("Procore did not report an end for this tab."),
        ),
        N_("The result is unknown, not successful."),
        N_("Retry: the tab is looked at first. If it stays so, ask Procore's ERP support."),
        Who.CONTROLLER,
    ),
    P.PRO_LABEL: Words(
        N_("Procore's page has changed; nothing was pressed."),
        (
            N_("“{action}” cannot be used: {why}."),
            N_("“{action}” was not found, or more than once."),
            N_("A tab or a button was not found where it always was."),
        ),
        N_("Open the tab in Procore by hand. Send the support file, so that the new page can be learned."),
        Who.CONTROLLER,
    ),
    P.PRO_DOWN: Words(
        N_("Procore itself is not answering."),
        (
            N_("Its servers answered with an error of their own ({status})."),
            N_("Its servers answered with an error of their own."),
        ),
        N_("See status.procore.com, and try later."),
        Who.NOBODY,
    ),
    P.PRO_ANSWER: Words(
        N_("Procore gave an answer that we do not understand."),
        (N_("What came: {what}."), N_("It may be an error page, or Procore has changed.")),
        N_("Try again later. If it happens again, send the support file."),
        Who.CONTROLLER,
    ),
    P.Q_IMPORT: Words(
        (
            Counted(
                N_("{tab}: {n} record was fetched but is not in Procore yet."),
                N_("{tab}: {n} records were fetched but are not in Procore yet."),
            ),
            N_("Records were fetched but are not in Procore yet."),
        ),
        N_("New and changed records of this tab wait in Ready to Import."),
        N_("An accounting approver must open the tab and import them."),
        Who.APPROVER,
    ),
    P.Q_FAILED: Words(
        (
            Counted(N_("{tab}: {n} record failed to export."), N_("{tab}: {n} records failed to export.")),
            N_("Records failed to export."),
        ),
        (N_("First reason: {first}."), N_("Procore's tab says why, record by record.")),
        N_("Open the tab, look under Failed to Export, fix, reject, send again."),
        Who.APPROVER,
    ),
    P.LIMIT: Words(
        (
            N_("{site} asks us to slow down; we go on at {until}."),
            N_("{site} asks us to slow down; we go on in {seconds}."),
            N_("The site asks us to slow down."),
        ),
        N_("It takes only so many requests in an hour, from all programs of the company together."),
        N_("Nothing is lost by waiting."),
        Who.NOBODY,
    ),
    P.SAFE: Words(
        (
            N_("Far fewer {what} than last time ({before} → {now}). We stopped before going on."),
            N_("Far fewer records than last time. We stopped before going on."),
        ),
        N_("Records may have been deleted or archived, or a filter has changed."),
        N_("Check it in Sage and hh2; then go on anyway, or stop."),
        Who.CONTROLLER,
    ),
    P.INTERRUPTED: Words(
        (N_("The last run was cut off during {step}."), N_("The last run was cut off.")),
        N_("The program or the computer ended before the run did. Nothing of what is known was lost."),
        N_("Continue it, and what was not answered is looked up first; or close it as it stands."),
        Who.CONTROLLER,
    ),
    P.BROWSER: Words(
        (
            N_("{browser} could not be driven by this program."),
            N_("No browser that this program may drive was found."),
        ),
        (
            N_("{why}. The policy: {policy}."),
            N_("{why}. It said: {text}."),
            N_("{why}."),
            N_("None is installed, or a policy of your company forbids driving it."),
        ),
        N_(
            "Install Edge or Chrome, or ask IT about the policy. Until then do the steps by hand at both sites."
        ),
        Who.IT,
    ),
    P.NO_MATCH_SOURCE: Words(
        (
            N_("{what} could not be compared: {site} refused the list."),
            N_("One of the lists could not be compared."),
        ),
        N_("A right is missing, or the connection failed."),
        N_("Check the right and the connection."),
        Who.PROCORE_ADMIN,
    ),
    P.KEYRING: Words(
        N_("Passwords could not be opened or saved in {store}, so nothing secret was saved."),
        (N_("The cause: {why}."), N_("It is locked, not installed, or did not answer in time.")),
        N_("Unlock it; or sign in for this run only."),
        Who.IT,
    ),
    P.PROOF_OLD: Words(
        (
            N_("Step 1 is proven, but the proof is older than {minutes} minutes."),
            N_("Step 1 is proven, but the proof has grown old."),
        ),
        N_("What stands in Sage may have changed since."),
        N_("Start step 1 again; or look in hh2 and say what you saw."),
        Who.CONTROLLER,
    ),
    P.NOT_PRESSED: Words(
        (N_("“{action}” was not pressed."), N_("What you were asked to press was not pressed.")),
        (N_("Why not: {why}."), N_("Nobody pressed it in time.")),
        N_("Nothing was started. Go on with the run when you are there, and you are asked again."),
        Who.CONTROLLER,
    ),
    P.SECRET_MISSING: Words(
        (N_("There is no password for {site}."), N_("A password is missing.")),
        N_("None was saved, or it was kept for an address that has changed since."),
        N_("Type it in; it is sent to that site only."),
        Who.CONTROLLER,
    ),
    P.DISK: Words(
        (N_("{file} could not be written."), N_("The program's folder could not be written.")),
        (
            N_("The cause: {why}."),
            N_("The cause: {text}."),
            N_("The disk is full, or the folder may not be written to."),
        ),
        N_("Make room, or ask IT for the right. Nothing is sent that could not be written down first."),
        Who.IT,
    ),
    P.FILE_BROKEN: Words(
        (N_("{file} cannot be read."), N_("A file of this program cannot be read.")),
        (
            N_("Line {line}: {what}; expected: {expected}."),
            N_("{what}; expected: {expected}."),
            N_("{what}."),
            N_("It is damaged, or was written by a newer version of this program."),
        ),
        (
            N_(
                "It was kept aside as {copy}; nothing was overwritten. Put a backup in its place, "
                "or begin a {ledger}."
            ),
            N_("It was kept aside as {copy}; nothing was overwritten."),
            N_("Save {table} anew as CSV or as an Excel workbook (.xlsx), and choose it again."),
            N_("Put it right, or set up the company anew. It is never overwritten."),
        ),
        Who.IT,
    ),
    P.IN_USE: Words(
        (
            N_("{who} is working with this company since {since}."),
            N_("{who} is working with this company."),
            N_("This company is in use by another program."),
        ),
        N_("One window or command line at a time works with a company, so that nothing is pressed twice."),
        N_("Wait until it has ended, or close it."),
        Who.CONTROLLER,
    ),
    P.INTERNAL: Words(
        N_("Something went wrong in this program itself."),
        (N_("What it was: {what}."), N_("The cause is not known.")),
        _SUPPORT,
        Who.CONTROLLER,
    ),
}

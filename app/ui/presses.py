"""What happens when something is pressed: ties window and tray to the desk, and asks where it should be asked."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import msgspec
from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from app.domain.events import Record, Site
from app.domain.profile import FieldFault, Profile, Secret
from app.domain.tabs import Tab
from app.engine.faces import Wanted
from app.ui import questions, rows
from app.ui.announce import announce_records
from app.ui.asked import with_choices, with_sign_ins
from app.ui.desk import Desk
from app.ui.dialogs import Dialogs
from app.ui.frame import is_closed
from app.ui.help_window import HelpDesk, page_of
from app.ui.notices import Ask, Notice
from app.ui.sign_in_box import SignInBox
from app.ui.tray import Tray
from app.ui.view import can_compare
from app.ui.window import Window
from app.words import sites, tabs
from app.words.language import _

TICK_MS = 500
AGES_MS = 20_000  # ages are told in minutes


class Presses(QObject):
    """Lives as long as the window. The desk knows nothing of it."""

    def __init__(self, window: Window, tray: Tray, desk: Desk) -> None:
        super().__init__(window)
        self.window, self.tray, self.desk = window, tray, desk
        self._testing: Site | None = None
        self._then: Callable[[], None] | None = None
        self.dialogs = Dialogs(window, desk)
        self.help = HelpDesk(desk, lambda: page_of(desk.view), self)
        window.help_pressed.connect(self.help.open)
        window.about_pressed.connect(self._about)
        self._tick = QTimer(self)
        self._tick.setInterval(AGES_MS)
        self._tick.timeout.connect(self.draw)
        self._tick.start()
        desk.changed.connect(self.draw)
        window.frame.shown.connect(self.draw)
        desk.told.connect(self._log)
        desk.compared.connect(window.outcome.show_comparing)
        desk.announced.connect(self._announce)
        desk.refused.connect(self._refuse)
        desk.saved.connect(self._saved)
        one, two = window.step_one, window.step_two
        window.company_picked.connect(desk.choose)
        window.practise_pressed.connect(self.practise)
        window.check_pressed.connect(self.check_pages)
        window.connect_pressed.connect(self.connect_services)
        one.start_pressed.connect(self.start)
        one.stop_pressed.connect(self.stop)
        one.step_two_only_pressed.connect(self._step_two_only)
        one.proof_pressed.connect(self._prove_step_one)
        one.sign_in.test_pressed.connect(self._test_hh2)
        two.sign_in.test_pressed.connect(self._test_procore)
        two.refresh_pressed.connect(self._refresh)
        two.retry_pressed.connect(desk.ask_retry)
        two.proof_pressed.connect(self._prove_tab)
        window.outcome.go_on_pressed.connect(desk.go_on)
        window.outcome.teach_pressed.connect(self.dialogs.pages.show_teach)
        window.outcome.put_back_pressed.connect(desk.put_back)
        window.outcome.open_pressed.connect(self.open_page)
        self.dialogs.page_pressed.connect(self.open_page)
        window.notice.answered.connect(self._answer)
        window.notice.open_pressed.connect(self._open_site)
        tray.start_pressed.connect(self._start_from_tray)
        tray.stop_pressed.connect(self.stop)
        tray.options_pressed.connect(self._options)

    # ---------------------------------------------------------------- drawing

    @Slot()
    def draw(self) -> None:
        """Draw everything as it stands now; while a run is on, twice a second for the clock's sake, else now and then
        for the ages, and not while nobody sees them: in the tray the program sleeps until something happens."""
        view, now = self.desk.view, datetime.now(UTC)
        self.window.show_view(view, now)
        self.tray.show_view(view, now)
        every = TICK_MS if view.busy else AGES_MS
        if self._tick.interval() != every:
            self._tick.setInterval(every)
        if view.busy or self.window.frame.isVisible():
            if not self._tick.isActive():
                self._tick.start()
        else:
            self._tick.stop()

    @Slot(object)
    def _log(self, records: list[Record]) -> None:
        self.window.log.add(records)
        announce_records(self.window.frame, records)

    @Slot(str, str)
    def _announce(self, title: str, text: str) -> None:
        self.tray.notify(title, text)
        frame = self.window.frame
        if not frame.isActiveWindow():
            QApplication.alert(frame)

    @Slot()
    def _about(self) -> None:
        from app.ui.about_dialog import AboutDialog

        AboutDialog(self.window.frame).open()

    # ---------------------------------------------------------------- step 1

    @Slot()
    def start(self) -> None:
        """Start Sync: what is missing is said beside its field; Deep or All Changes asks first."""
        view = self.desk.view
        if view.profile is None or view.busy or view.checking or not view.held:
            return
        if self.window.step_one.sign_in.missing() or self.window.step_two.sign_in.missing():
            return
        asked = self.window.step_one.asked()
        if asked.filters.takes_long:
            questions.ask_long(self.window.frame, asked.filters, self._start_now)
        else:
            self._start_now()

    def _start_now(self, *, anyway: bool = False) -> None:
        asked = self.window.step_one.asked()
        wanted = Wanted(asked.filters, asked.tabs, asked.jobs, asked.go_on, match=self._compares())
        self._begin(wanted, anyway=anyway)

    def _begin(self, wanted: Wanted, *, anyway: bool = False) -> None:
        profile = self._typed()
        if profile is not None:
            self._testing, self._then = None, None
            chosen = with_choices(profile, self.window.step_one.asked())
            self.desk.start(chosen, self._secrets(), wanted, anyway=anyway)

    @Slot()
    def stop(self) -> None:
        """Stop the run."""
        self.desk.stop()

    @Slot()
    def practise(self) -> None:
        """Practise with the training company."""
        self.desk.practise()

    @Slot()
    def _step_two_only(self) -> None:
        if self.window.step_two.sign_in.missing():
            return
        self.desk.ask_word(True)
        self.window.notice.field.setFocus()

    def _begin_step_two(self, words: str) -> None:
        asked = self.window.step_one.asked()
        wanted = Wanted(asked.filters, asked.tabs, asked.jobs, asked.go_on, match=self._compares())
        self._begin(msgspec.structs.replace(wanted, step_one=False, looked=words))

    def _compares(self) -> bool:
        """A run ends with a comparison where both sides can be read, unless the person took that off."""
        return can_compare(self.desk.view) and self.window.compare_action.isChecked()

    def _typed(self) -> Profile | None:
        """The profile with what was typed in the two sign-ins; None when it was refused, and said beside its field."""
        profile = self.desk.view.profile
        if profile is None:
            return None
        hh2, procore = self.window.step_one.sign_in.typed(), self.window.step_two.sign_in.typed()
        made = with_sign_ins(profile, hh2, procore)
        if isinstance(made, FieldFault):
            self._refuse((made,))
            return None
        return made

    def _secrets(self) -> list[tuple[Secret, str, bool]]:
        given = (
            (Secret.HH2_PASSWORD, self.window.step_one.sign_in.typed()),
            (Secret.PROCORE_PASSWORD, self.window.step_two.sign_in.typed()),
        )
        return [(secret, typed.password, typed.remember) for secret, typed in given if typed.password]

    @Slot(object)
    def _refuse(self, faults: tuple[FieldFault, ...]) -> None:
        self._then = None
        boxes: tuple[SignInBox, ...] = (self.window.step_one.sign_in, self.window.step_two.sign_in)
        for fault in reversed(faults):
            if not any(box.fault(fault) for box in boxes):
                self.dialogs.show_fault(fault)

    @Slot()
    def _saved(self) -> None:
        self.window.step_one.sign_in.saved()
        self.window.step_two.sign_in.saved()
        site, self._testing = self._testing, None
        if site is not None:
            self.desk.test(site)
        then, self._then = self._then, None
        if then is not None:
            then()
        self.draw()

    # ---------------------------------------------------------------- sign in, and test

    @Slot()
    def _test_hh2(self) -> None:
        self._test(self.window.step_one.sign_in)

    @Slot()
    def _test_procore(self) -> None:
        self._test(self.window.step_two.sign_in)

    def _test(self, box: SignInBox) -> None:
        profile = None if box.missing() else self._typed()
        if profile is not None:
            self._testing, self._then = box.site, None
            self.desk.save(profile, self._secrets())

    # ---------------------------------------------------------------- the pages

    @Slot()
    def check_pages(self) -> None:
        """Check the pages: what was typed is saved first, then both sites are walked."""
        if self.window.step_one.sign_in.missing() or self.window.step_two.sign_in.missing():
            return
        profile = self._typed()
        if profile is not None:
            self._testing, self._then = None, self.dialogs.pages.show_check
            self.desk.save(profile, self._secrets())

    @Slot()
    def connect_services(self) -> None:
        """The web services: what was typed is saved first, then they are tested."""
        profile = self._typed()
        if profile is not None:
            self._testing, self._then = None, self.dialogs.show_connect
            self.desk.save(profile, self._secrets())

    # ---------------------------------------------------------------- step 2

    @Slot()
    def _refresh(self) -> None:
        picked = self.window.step_two.picked()
        if picked:
            jobs = self.window.step_two.jobs if Tab.JOB_COSTS in picked else None
            self.desk.pick(picked, jobs)

    @Slot(object)
    def _prove_tab(self, tab: Tab) -> None:
        run = self.desk.view.run
        if run is not None:
            title = _("What proved {tab}").format(tab=tabs.title(tab))
            questions.tell(self.window.frame, title, rows.proof(run, tab))

    @Slot()
    def _prove_step_one(self) -> None:
        run = self.desk.view.run
        if run is not None:
            questions.tell(self.window.frame, _("What proved step 1"), rows.proof_of_step_one(run))

    # ---------------------------------------------------------------- answers

    @Slot(object, bool, str)
    def _answer(self, notice: Notice, yes: bool, typed: str) -> None:
        desk = self.desk
        match notice.ask, yes:
            case Ask.WORD, True:
                desk.look(typed)
            case Ask.STEP_TWO_ONLY, True:
                self._begin_step_two(typed)
            case Ask.STEP_TWO_ONLY, False:
                desk.ask_word(False)
            case ((Ask.SIGN_IN | Ask.PRESS), True):
                desk.ready()
            case Ask.PRESS, False:
                desk.leave_out()
            case Ask.RETRY, True:
                desk.retry()
            case Ask.RETRY, False:
                desk.drop_retry()
            case Ask.THEIRS, False:
                desk.take_theirs()
            case Ask.INTERRUPTED, True:
                desk.go_on()
            case Ask.INTERRUPTED, False:
                desk.close_run()
            case Ask.LEDGER, False if desk.view.profile is not None:
                questions.ask_begin_anew(self.window.frame, desk.view.profile.name, desk.begin_history_anew)
            case Ask.NOT_READY, True:
                desk.drop_not_ready()
            case Ask.NOT_READY, False:
                self._start_now(anyway=True)
            case ((Ask.TROUBLE | Ask.LEDGER), True):
                desk.drop_trouble()
                desk.try_again()
            case Ask.TROUBLE, False:
                desk.drop_trouble()
            case _:
                pass

    @Slot(object)
    def _open_site(self, site: Site) -> None:
        self.open_page(site, None)

    @Slot(object, object)
    def open_page(self, site: Site, tab: Tab | None) -> None:
        """Open a site's page in the person's own browser, where a run last saw it."""
        profile = self.desk.view.profile
        if profile is None:
            return
        asked = self.desk.workplace.places.address(profile.name, site, tab)
        home = profile.hh2.address if site is Site.HH2 else profile.procore.web
        self.desk.bridge.ask(
            self, asked, partial(self._open_address, site), lambda _problem: self._open_address(site, home)
        )

    def _open_address(self, site: Site, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            text = _("No browser could be opened. The address is:\n{address}").format(address=address)
            questions.tell(self.window.frame, problems_title(site), text)

    # ---------------------------------------------------------------- the tray

    @Slot()
    def _start_from_tray(self) -> None:
        self.to_front()
        self.start()

    @Slot()
    def _options(self) -> None:
        self.to_front()
        self.dialogs.edit()

    @Slot()
    def show_result(self) -> None:
        """A notification was clicked: what it spoke of."""
        self.window.below.setCurrentWidget(self.window.outcome)
        self.to_front()

    @Slot()
    def to_front(self) -> None:
        """Show the window before all others."""
        frame = self.window.frame
        if frame.isMinimized() or is_closed(frame):
            frame.showNormal()
        frame.raise_()
        frame.activateWindow()


def problems_title(site: Site) -> str:
    """The title of the box that shows a site's address."""
    return _("Open {site}").format(site=sites.site(site))

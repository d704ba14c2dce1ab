"""Where, as whom and with which password a site is signed in to: one line while all is known, fields when it is not."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.addresses import hh2_site
from app.domain.events import Site
from app.domain.laid_down import LaidDown
from app.domain.profile import DriverName, FieldFault, Profile, Secret, SecretState, company_number
from app.engine.faces import Tested
from app.ui.asked import TypedSignIn
from app.ui.check_box import CheckBox
from app.ui.field import Field, Sentence
from app.ui.small_button import SmallButton
from app.ui.view import View
from app.ui.working import Working
from app.words import faults as fault_words
from app.words import keeping, problems, sites
from app.words import laid_down as words_laid_down
from app.words.language import _

_TO_BE_TYPED = (SecretState.MISSING, SecretState.REFUSED, SecretState.UNAVAILABLE)
_SECRETS = {Site.HH2: Secret.HH2_PASSWORD, Site.PROCORE: Secret.PROCORE_PASSWORD}


class SignInBox(QWidget):
    """The sign-in of one site. `test_pressed` asks to sign in once and say who we are."""

    test_pressed = Signal()

    def __init__(self, site: Site, *, wide: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.site = site
        self._shown: Profile | None = None
        self._state = SecretState.MISSING
        self._open = False
        hh2 = site is Site.HH2
        self.place = Field(_("hh2 s&ite") if hh2 else _("Company number in Procore"))
        self.user = Field(_("&User name") if hh2 else _("Procore account"))
        self.password = Field(_("Pass&word") if hh2 else _("Procore password"), secret=True)
        self.remember = CheckBox(_("Remember the password"))
        self.remember.setChecked(True)
        self.remember.setAccessibleName(_("Remember the password for {site}").format(site=sites.site(site)))
        self.where = Sentence()
        self.address = Sentence("", self)
        self.line = Sentence()
        self.result = Sentence()
        self.bar = Working(_("Signing in to {site}").format(site=sites.site(site)), self)
        self.change = SmallButton(_("&Change…") if hh2 else _("Change…"))
        self.change.setAccessibleName(_("Change the sign-in to {site}").format(site=sites.site(site)))
        self.test = SmallButton(_("Sign in / Test"))
        self.test.setAccessibleName(_("Sign in to {site} once, as a test").format(site=sites.site(site)))
        self._lay_out(wide)
        self.change.clicked.connect(self.open)
        self.test.clicked.connect(self.test_pressed)
        self.remember.toggled.connect(self._show_where)
        self.place.edit.textChanged.connect(self._show_address)
        self._show_open()

    def _lay_out(self, wide: bool) -> None:
        self.fields = QWidget(self)
        grid = QGridLayout(self.fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        top = Qt.AlignmentFlag.AlignTop
        keep = QWidget(self)
        column = QVBoxLayout(keep)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if wide:
            column.addStretch(1)  # beside the field, below its label
        column.addWidget(self.remember)
        column.addWidget(self.where)
        if wide:
            grid.addWidget(self.place, 0, 0, top)
            grid.addWidget(self.user, 0, 1, top)
            grid.addWidget(self.password, 1, 0, top)
            grid.addWidget(keep, 1, 1)
        else:
            grid.addWidget(self.place, 0, 0, 1, 2, top)
            grid.addWidget(self.address, 1, 0, 1, 2, top)
            grid.addWidget(self.user, 2, 0, top)
            grid.addWidget(self.password, 2, 1, top)
            grid.addWidget(keep, 3, 0, 1, 2)  # as high as its sentence is when it wraps
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        if wide:
            buttons.addWidget(self.line, 1)
            buttons.addWidget(self.result, 1)
            buttons.addStretch(0)
        else:
            buttons.addStretch(1)
        buttons.addWidget(self.change, 0, top)
        buttons.addWidget(self.test, 0, top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.fields)
        if not wide:
            layout.addWidget(self.line)
        layout.addLayout(buttons)
        layout.addWidget(self.bar)
        if not wide:
            layout.addWidget(self.result)

    def show_view(self, view: View) -> None:
        """Draw what is known of this sign-in. What the person is typing stays until another company is shown."""
        profile = view.profile
        self._state = view.secrets.get(_SECRETS[self.site], SecretState.MISSING)
        if profile is not None and profile != self._shown:
            fresh = self._shown is None or profile.name != self._shown.name
            self._fill(profile)
            if fresh:
                self.password.edit.clear()
                self._open = False
            self._shown = profile
        if self._state in _TO_BE_TYPED and self._needs_password:
            self._open = True
        if not self._place_is_usable() or (self._needs_password and not self.user.text):
            self._open = True
        self._show_open()
        self._show_where()
        self._show_result(view)
        free = view.ready and view.held and not view.busy and view.testing is None
        for part in (self.fields, self.change, self.test):
            part.setEnabled(free)
        self._show_locked(view.laid_down)

    @property
    def _needs_password(self) -> bool:
        """In a browser the person may sign in to Procore by hand, and everywhere when assisted."""
        if self._shown is None or self._shown.driver is DriverName.ASSISTED:
            return False
        return self.site is Site.HH2 or self._shown.driver is DriverName.TRAINING

    def typed(self) -> TypedSignIn:
        """What stands in the fields."""
        return TypedSignIn(
            self.place.text, self.user.text, self.password.edit.text(), self.remember.isChecked()
        )

    def missing(self) -> bool:
        """Say what is missing, beside its field, and go there; True when something is."""
        wanted = [
            (self.place, "hh2-site" if self.site is Site.HH2 else "company-id", not self._place_is_usable()),
            (self.user, "user-name", not self.user.text and self._needs_password),
            (
                self.password,
                "password",
                self._needs_password and not self.password.edit.text() and self._state in _TO_BE_TYPED,
            ),
        ]
        for field, expected, wrong in wanted:
            if wrong:
                self.open()
                field.fault(fault_words.expected(FieldFault("", "", expected)))
                return True
        return False

    def fault(self, fault: FieldFault) -> bool:
        """Say it beside the field it belongs to; False when it is not one of these."""
        prefix = "hh2." if self.site is Site.HH2 else "procore."
        fields = {"site": self.place, "company_id": self.place, "user": self.user}
        field = fields.get(fault.path.removeprefix(prefix)) if fault.path.startswith(prefix) else None
        if field is None:
            return False
        self.open()
        field.fault(fault_words.expected(fault))
        return True

    @Slot()
    def open(self) -> None:
        """Show the fields."""
        self._open = True
        self._show_open()
        self.place.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def saved(self) -> None:
        """What was typed is saved: the password is not kept in the window."""
        self.password.edit.clear()
        self._open = False
        self._show_open()

    def _place_is_usable(self) -> bool:
        text = self.place.text
        if self.site is Site.HH2 and not text and self._shown is not None and self._shown.hh2.base:
            return True
        try:
            return bool(hh2_site(text) if self.site is Site.HH2 else company_number(text))
        except ValueError:
            return False

    def _fill(self, profile: Profile) -> None:
        if self.site is Site.HH2:
            self.place.fill(profile.hh2.site)
            self.user.fill(profile.hh2.user)
            self.line.setAccessibleName(_("Sign-in to hh2"))
        else:
            company = profile.procore.company_id
            self.place.fill(str(company) if company else "")
            self.user.fill(profile.procore.user)

    def _show_open(self) -> None:
        self.fields.setVisible(self._open)
        self.change.setVisible(not self._open)
        if self._open or self._shown is None:
            self.line.say("")
            return
        profile = self._shown
        if self.site is Site.HH2:
            place, user = profile.hh2.address.removeprefix("https://"), profile.hh2.user
        else:
            name = profile.procore.company_name
            number = str(profile.procore.company_id)
            place = _("{name} ({number})").format(name=name, number=number) if name else number
            user = profile.procore.user
        self.line.say(
            _("{site}: {place}, as {user}").format(site=sites.site(self.site), place=place, user=user)
        )

    @Slot()
    def _show_where(self) -> None:
        available = self._state is not SecretState.UNAVAILABLE
        known = self._state in (SecretState.KEPT, SecretState.REFUSED, SecretState.THIS_RUN)
        if known and not self.password.edit.text():
            self.where.say(keeping.known(self._state.value, self.site))
        else:
            self.where.say(keeping.where(self.remember.isChecked(), available))
        hint = _("saved") if self._state is SecretState.KEPT else ""
        self.password.edit.setPlaceholderText(hint)

    @Slot()
    def _show_address(self) -> None:
        if self.site is not Site.HH2:
            return
        base = self._shown.hh2.address if self._shown is not None and self._shown.hh2.base else ""
        try:
            self.address.say(base or f"https://{hh2_site(self.place.text)}.hh2.com")
        except ValueError:
            self.address.say("")

    def _show_locked(self, laid: LaidDown) -> None:
        """What the company's IT has laid down is read, and not changed."""
        hh2 = self.site is Site.HH2
        place = {"hh2.site", "hh2.base"} if hh2 else {"procore.company_id"}
        self.place.setEnabled(not place & laid.locked)
        self.user.setEnabled(("hh2.user" if hh2 else "procore.user") not in laid.locked)
        may_save = laid.policy.save_passwords
        self.remember.setEnabled(may_save)
        if not may_save:
            self.remember.setChecked(False)
            self.where.say(words_laid_down.no_passwords())

    def _show_result(self, view: View) -> None:
        self.bar.setVisible(view.testing is self.site)
        if view.testing is self.site:
            self.result.say(_("Signing in…"))
            return
        tested: Tested | None = view.tested.get(self.site)
        if tested is None:
            self.result.say("")
        elif tested.problem is not None:
            self.result.say(problems.title(tested.problem))
        else:
            self.result.say(_("Signed in as {who}.").format(who=tested.who))

"""The first time: what one needs, the company at hh2 and in Procore, a test of both. It can be left and resumed.

It asks for as little as can be: the site, the number of the company in Procore, and twice a user and a password."""

import msgspec
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget, QWizard, QWizardPage

from app.domain.addresses import hh2_site, is_loopback_origin, origin
from app.domain.events import Site
from app.domain.profile import FieldFault, Profile, Secret, name_key, procore_company
from app.ui import theme
from app.ui.check_box import CheckBox
from app.ui.field import Field, Sentence
from app.ui.setup_steps import Step
from app.words import faults as fault_words
from app.words import keeping, setting_up
from app.words.language import _

PRIMARY = (
    QWizard.WizardButton.NextButton,
    QWizard.WizardButton.CommitButton,
    QWizard.WizardButton.FinishButton,
)
BESIDE = (
    QWizard.WizardButton.BackButton,
    QWizard.WizardButton.CancelButton,
    QWizard.WizardButton.CustomButton1,
)
INDENT = 22  # what is said of a box stands below its words


class Page(QWizardPage):
    """A page of the assistant: a title, a sentence below it, and its parts one under the other."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self.setTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(8)
        self.about = Sentence(about)
        self.column.addWidget(self.about)

    def add(self, *parts: QWidget) -> None:
        """Put them below what is there."""
        for part in parts:
            self.column.addWidget(part)


class Needs(Page):
    """What one needs first, each with a box to tick for oneself; none has to be ticked."""

    def __init__(self) -> None:
        super().__init__(_("What you need first"), setting_up.needs_about())
        self.boxes = {name: CheckBox(text) for name, text in setting_up.needs().items()}
        for name, box in self.boxes.items():
            about = Sentence(setting_up.need_about(name))
            about.setIndent(INDENT)
            box.setAccessibleDescription(about.text())
            one = QVBoxLayout()
            one.setSpacing(2)
            one.addWidget(box)
            one.addWidget(about)
            self.column.addLayout(one)
        self.column.addStretch(1)


class Hh2(Page):
    """The company, and who signs in to hh2."""

    def __init__(self, taken: tuple[str, ...]) -> None:
        super().__init__(
            _("Your company at hh2"),
            _("Paste the address of your hh2 site from the browser, or type its name."),
        )
        self._taken = {name_key(name) for name in taken}
        self.site = Field(_("&hh2 site"), hint="https://yourcompany.hh2.com")
        self.name = Field(_("Name of the &company, for you"))
        self.user = Field(_("&User name at hh2"))
        self.password = Field(_("Pass&word at hh2"), secret=True)
        self.where = Sentence(keeping.where(True))
        self.add(self.site, self.name, self.user, self.password, self.where)
        self.column.addStretch(1)
        self._proposed = ""
        self.site.edit.textEdited.connect(self._propose)

    @Slot()
    def _propose(self) -> None:
        """The name follows the site until the person gives another."""
        if self.name.text == self._proposed:
            try:
                found = "" if "://127." in self.site.text else hh2_site(self.site.text).capitalize()
            except ValueError:
                found = ""
            self._proposed = found
            self.name.fill(found)

    def validatePage(self) -> bool:
        wanted = [
            (self.site, "hh2-site", not usable_site(self.site.text)),
            (self.name, "profile-name", not self.name.text),
            (self.name, "profile-name-taken", name_key(self.name.text) in self._taken),
            (self.user, "user-name", not self.user.text),
            (self.password, "password", not self.password.edit.text()),
        ]
        return none_wrong(wanted)


class Procore(Page):
    """The company's number, and who signs in to Procore."""

    def __init__(self) -> None:
        super().__init__(
            _("Your company in Procore"),
            _("Paste the address of any page of your company in Procore: its number stands in it."),
        )
        self.number = Field(
            _("Address of a page, or company &number"), hint="https://app.procore.com/1234567"
        )
        self.user = Field(_("Procore &account"))
        self.password = Field(_("Procore pass&word"), secret=True)
        self.by_hand = Sentence(
            _(
                "Leave account and password empty if your company signs in through its own page: you then sign in in "
                "the browser window."
            )
        )
        self.add(self.number, self.user, self.password, self.by_hand)
        self.column.addStretch(1)

    def validatePage(self) -> bool:
        return none_wrong([(self.number, "company-id", not usable_number(self.number.text))])


class Test(Page):
    """Both sites are signed in to once, as a test."""

    def __init__(self) -> None:
        super().__init__(
            _("A test of both"),
            _("Both sites are signed in to once. Nothing is started, applied or refreshed."),
        )
        self.lines = {site: Sentence(setting_up.waits(site)) for site in Site}
        self.trouble = Sentence()
        self.after = Sentence(setting_up.afterwards())
        self.add(*self.lines.values(), self.trouble, self.after)
        self.column.addStretch(1)
        self.done = False

    def isComplete(self) -> bool:
        return self.done


class SetupWizard(QWizard):
    """`wanted`: the profile and its passwords, to be saved and tested. `practise_pressed`: rather with the training
    company. `left`: what was typed, for the next time; never a password."""

    wanted = Signal(object, object)
    practise_pressed = Signal()
    left = Signal(object)

    def __init__(
        self, taken: tuple[str, ...], before: dict[str, str], start: Profile, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._start = start
        self._at = 0
        self.setWindowTitle(_("Set up a company"))
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage)
        self.setOption(QWizard.WizardOption.HaveCustomButton1)
        self.setButtonText(QWizard.WizardButton.CustomButton1, _("&Practise with the training company"))
        self.setButtonText(QWizard.WizardButton.CancelButton, _("&Later"))
        self.setButtonText(QWizard.WizardButton.CommitButton, _("&Test both"))
        self.needs, self.hh2, self.procore, self.test = Needs(), Hh2(taken), Procore(), Test()
        self.procore.setCommitPage(True)
        for page in (self.needs, self.hh2, self.procore, self.test):
            self.addPage(page)
        self.setButtonLayout(
            [
                QWizard.WizardButton.CustomButton1,
                QWizard.WizardButton.Stretch,
                QWizard.WizardButton.BackButton,
                QWizard.WizardButton.NextButton,
                QWizard.WizardButton.CommitButton,
                QWizard.WizardButton.FinishButton,
                QWizard.WizardButton.CancelButton,
            ]
        )
        for which in PRIMARY:
            button = self.button(which)
            theme.show_primary(button, True)  # type: ignore[arg-type]
        self.setMinimumWidth(560)
        self._fill(before)
        self.customButtonClicked.connect(self.practise_pressed)
        self.currentIdChanged.connect(self._arrived)
        self.rejected.connect(self._leave)
        theme.readable_when_off(self)

    def _fields(self) -> dict[str, Field]:
        """What is kept of an assistant that was left."""
        return {
            "site": self.hh2.site,
            "name": self.hh2.name,
            "hh2-user": self.hh2.user,
            "number": self.procore.number,
            "procore-user": self.procore.user,
        }

    def _fill(self, before: dict[str, str]) -> None:
        for name, field in self._fields().items():
            field.fill(before.get(name, ""))
        for name, box in self.needs.boxes.items():
            box.setChecked(name in before.get("needs", "").split())
        page = before.get("page", "")
        # The password is asked for on the page of hh2, so one comes no further than that.
        self.setStartId(min(int(page), 1) if page.isdecimal() else 0)

    @Slot()
    def _leave(self) -> None:
        kept = {name: field.text for name, field in self._fields().items()}
        kept["needs"] = " ".join(name for name, box in self.needs.boxes.items() if box.isChecked())
        kept["page"] = str(self._at)
        self.left.emit(kept)

    @Slot(int)
    def _arrived(self, at: int) -> None:
        if at < 0:  # it was left
            return
        self._at = at
        last = self.page(at) is self.test
        self.button(QWizard.WizardButton.CustomButton1).setVisible(not last)
        self._fit()
        if last and not self.test.done:
            self.wanted.emit(self.profile(), self.secrets())

    def _fit(self) -> None:
        """A button that becomes the primary one, or usable, is wider than it was."""
        for which in PRIMARY:
            # A button keeps the size that it wanted while it could not be used, until something else of it changes.
            QApplication.sendEvent(self.button(which), QEvent(QEvent.Type.PaletteChange))
            self.button(which).setMinimumWidth(self.button(which).sizeHint().width())
        shown = [self.button(which) for which in (*PRIMARY, *BESIDE) if self.button(which).isVisibleTo(self)]
        needed = sum(button.sizeHint().width() + self.fontMetrics().height() for button in shown)
        self.setMinimumWidth(max(560, needed))

    # ---------------------------------------------------------------- what comes of it

    def profile(self) -> Profile:
        """The company as it was typed."""
        place, before = self.hh2.site.text, self._start
        base = origin(place) if is_loopback_origin(place) else before.hh2.base
        site = before.hh2.site if is_loopback_origin(place) else hh2_site(place)
        number = procore_company(self.procore.number.text)
        return msgspec.structs.replace(
            before,
            name=self.hh2.name.text,
            hh2=msgspec.structs.replace(before.hh2, site=site, base=base, user=self.hh2.user.text),
            procore=msgspec.structs.replace(before.procore, company_id=number, user=self.procore.user.text),
        )

    def secrets(self) -> list[tuple[Secret, str, bool]]:
        """The passwords that were typed, to be kept."""
        given = (
            (Secret.HH2_PASSWORD, self.hh2.password.edit.text()),
            (Secret.PROCORE_PASSWORD, self.procore.password.edit.text()),
        )
        return [(secret, text, True) for secret, text in given if text]

    def show_step(self, site: Site, step: Step, said: str) -> None:
        """How far the test of a site is."""
        self.test.lines[site].say(said if step is Step.DONE else setting_up.under_way(site))

    def show_end(self, said: str) -> None:
        """Both were tested, or something stood in the way: the company is kept, and can be used."""
        self.test.done = True
        self.test.trouble.say(said)
        self.test.completeChanged.emit()
        self._fit()

    def show_faults(self, faults: tuple[FieldFault, ...]) -> None:
        """Back to the page of the first field that cannot be used."""
        fields = {"hh2.site": self.hh2.site, "name": self.hh2.name, "procore.company_id": self.procore.number}
        for fault in faults:
            field = fields.get(fault.path)
            if field is None:
                self.show_end(fault_words.sentence(fault))
                return
            self.setStartId(1)
            self.restart()
            if field is self.procore.number:
                self.next()
            field.fault(fault_words.expected(fault))
            return


def none_wrong(wanted: "list[tuple[Field, str, bool]]") -> bool:
    """Say the first thing that is wrong beside its field, and go there; True where there is none."""
    for field, expected, wrong in wanted:
        if wrong:
            field.fault(fault_words.expected(FieldFault("", "", expected)))
            return False
    return True


def usable_site(text: str) -> bool:
    """True for what names an hh2 site, and for a whole address on this computer: a training company by hand."""
    if is_loopback_origin(text):
        return True
    try:
        return bool(hh2_site(text))
    except ValueError:
        return False


def usable_number(text: str) -> bool:
    """True where a company's number can be read from it."""
    try:
        return bool(procore_company(text))
    except ValueError:
        return False

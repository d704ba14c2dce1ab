"""A company's settings: name, the way to the two sites, and what is only changed when one knows why."""

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.addresses import hh2_site
from app.domain.laid_down import LaidDown, applied
from app.domain.problems import Problem
from app.domain.profile import DriverName, FieldFault, MatchSettings, Profile, is_training, name_key
from app.ui import theme
from app.ui.buttons import Buttons
from app.ui.check_box import CheckBox
from app.ui.field import Field, Sentence
from app.words import faults as fault_words
from app.words import laid_down as words_laid_down
from app.words import problems, sites
from app.words.language import _

# What is expected of a field that holds no whole number, as `domain.profile.faults` says of one out of bounds.
_MATCH = {
    "keep_days": "days-0-3650",
    "brake_percent": "percent-1-90",
    "brake_records": "records-1-1000",
    "brake_small": "records-0-10000",
}


NOTHING_LAID_DOWN = LaidDown()


class ProfileDialog(QDialog):
    """Creates a company, or changes one. `save_pressed` carries the profile and the name it had before.

    What was typed stays until it is saved: a fault is said beside its field."""

    save_pressed = Signal(object, str)
    delete_pressed = Signal(str)
    connect_pressed = Signal()

    def __init__(
        self,
        profile: Profile | None,
        taken: tuple[str, ...] = (),
        parent: QWidget | None = None,
        *,
        laid_down: LaidDown = NOTHING_LAID_DOWN,
    ) -> None:
        super().__init__(parent)
        self._laid_down = laid_down
        self._before = profile
        self._profile = profile or applied(Profile(""), laid_down.policy)
        self._taken = tuple(name for name in taken if profile is None or name != profile.name)
        self.setWindowTitle(
            _("New company") if profile is None else _("Company {name}").format(name=profile.name)
        )
        self.name = Field(_("&Company"))
        self.site = Field(_("hh2 &site"), hint="https://yourcompany.hh2.com")
        self.number = Field(_("Company &number in Procore"))
        self.company = Field(_("N&ame in Procore, if you like"))
        self.driver = QComboBox()
        self.driver.setAccessibleName(_("How the sites are reached"))
        self.more = QPushButton(_("&More settings"))
        self.more.setCheckable(True)
        self.more.setAutoDefault(False)
        self.rest = QWidget()
        self.sign_in = CheckBox(_("&Keep the sign-ins to both sites between runs, with the passwords"))
        self.base = Field(_("hh2 address, when it is not the usual one"))
        self.login = Field(_("Procore sign-in address"))
        self.api = Field(_("Procore service address"))
        self.web = Field(_("Procore page address"))
        self.proof = Field(_("Minutes that the proof of step 1 holds"))
        self.pause = Field(_("Seconds between two jobs of Job Costs"))
        self.keep = Field(_("Days that records and reports of comparisons are kept (0: for ever)"))
        self.percent = Field(_("Safety brake: per cent of a list that may be gone"))
        self.records = Field(_("Safety brake: it stops from so many records gone"))
        self.small = Field(_("Safety brake: shorter lists than this by per cent alone"))
        self.other = Sentence()
        self.locked = Sentence(words_laid_down.locked(laid_down))
        self.page = QScrollArea()
        self.delete = QPushButton(_("&Delete this company…"))
        self.services = QPushButton(_("&Web services…"))
        self.buttons = Buttons(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._fill()
        self._lock()
        self.more.toggled.connect(self.rest.setVisible)
        self.more.toggled.connect(self._fit)
        self.delete.clicked.connect(self._delete)
        self.services.clicked.connect(self._connect)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        for one in DriverName:
            if one is not DriverName.TRAINING or is_training(self._profile):
                self.driver.addItem(sites.driver(one), one)
        label = QLabel(_("&How the sites are reached"))
        label.setBuddy(self.driver)
        rest = QVBoxLayout(self.rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.addWidget(self.sign_in)
        for field in (
            self.base,
            self.login,
            self.api,
            self.web,
            self.proof,
            self.pause,
            *self._of_matching().values(),
        ):
            rest.addWidget(field)
        self.rest.setVisible(False)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (
            self.locked,
            self.name,
            label,
            self.driver,
            self.site,
            self.number,
            self.company,
            self.more,
            self.rest,
        ):
            layout.addWidget(part)
        layout.addWidget(self.other)
        layout.addStretch(1)
        self.page.setWidget(inside)
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.addWidget(self.page, 1)
        outer.addWidget(self.buttons)
        self.delete.setAutoDefault(False)
        self.services.setAutoDefault(False)
        if self._before is not None:
            self.buttons.addButton(self.delete, QDialogButtonBox.ButtonRole.ResetRole)
            self.buttons.addButton(self.services, QDialogButtonBox.ButtonRole.ActionRole)
        else:
            for button in (self.delete, self.services):
                button.setParent(self)
                button.hide()
        theme.show_primary(self.buttons.button(QDialogButtonBox.StandardButton.Save), True)
        self.setMinimumWidth(460)
        theme.readable_when_off(self)

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()
        super().showEvent(event)

    @Slot()
    def _fit(self) -> None:
        """As high as its fields need, or as the screen allows; then they scroll."""
        inside, layout = self.page.widget(), self.layout()
        if inside is None or layout is None:
            return
        width = max(self.width(), self.minimumWidth())
        fields = inside.layout()
        edges = layout.contentsMargins()
        width = max(width, inside.minimumSizeHint().width() + edges.left() + edges.right())
        width = min(width, self.screen().availableGeometry().width() - 16)
        within = width - edges.left() - edges.right()
        high = 0
        if fields is not None:
            fields.activate()
            wraps = fields.hasHeightForWidth()
            high = fields.totalHeightForWidth(within) if wraps else fields.totalSizeHint().height()
        high += edges.top() + edges.bottom() + layout.spacing() + self.buttons.sizeHint().height()
        room = self.screen().availableGeometry().height() - 48  # what a title bar takes
        self.resize(width, min(high, room))

    def _fill(self) -> None:
        p = self._profile
        self.name.fill(p.name)
        self.driver.setCurrentIndex(max(0, self.driver.findData(p.driver)))
        self.site.fill(p.hh2.site)
        self.number.fill(str(p.procore.company_id) if p.procore.company_id else "")
        self.company.fill(p.procore.company_name)
        self.base.fill(p.hh2.base)
        self.login.fill(p.procore.login)
        self.api.fill(p.procore.api)
        self.web.fill(p.procore.web)
        self.sign_in.setChecked(p.run.keep_sign_in)
        self.proof.fill(str(p.run.proof_minutes))
        self.pause.fill(f"{p.run.job_pause:g}")
        for name, field in self._of_matching().items():
            field.fill(str(getattr(p.match, name)))

    def _lock(self) -> None:
        """What the company's IT has laid down is shown, and not changed."""
        parts: dict[str, QWidget] = {
            **self._fields(),
            "driver": self.driver,
            "run.keep_sign_in": self.sign_in,
        }
        for key in self._laid_down.locked & parts.keys():
            parts[key].setEnabled(False)
        if self._laid_down.is_deployed:
            self.delete.setEnabled(False)

    def show_faults(self, faults: tuple[FieldFault, ...]) -> None:
        """Say each fault beside its field, and bring the person to the first."""
        fields = self._fields()
        self.other.say("\n".join(fault_words.sentence(one) for one in faults if one.path not in fields))
        first: Field | None = None
        for fault in reversed(faults):
            field = fields.get(fault.path)
            if field is None:
                continue
            if self.rest.isAncestorOf(field):
                self.more.setChecked(True)
            field.fault(fault_words.expected(fault))
            first = field
        self._fit()
        if first is not None:
            self.page.ensureWidgetVisible(first, 0, 8)

    def _fields(self) -> dict[str, Field]:
        """The fields to type in, by the path of their setting."""
        return {
            "name": self.name,
            "hh2.site": self.site,
            "hh2.base": self.base,
            "procore.company_name": self.company,
            "procore.company_id": self.number,
            "procore.login": self.login,
            "procore.api": self.api,
            "procore.web": self.web,
            "run.proof_minutes": self.proof,
            "run.job_pause": self.pause,
            **{f"match.{name}": field for name, field in self._of_matching().items()},
        }

    def show_problem(self, problem: Problem) -> None:
        """Why nothing could be saved. What was typed stays."""
        self.other.say(problems.card(problem).in_short())
        self._fit()
        self.page.ensureWidgetVisible(self.other, 0, 8)

    def _of_matching(self) -> dict[str, Field]:
        """The fields of `MatchSettings`, all whole numbers, by name."""
        return {
            "keep_days": self.keep,
            "brake_percent": self.percent,
            "brake_records": self.records,
            "brake_small": self.small,
        }

    @Slot()
    def _save(self) -> None:
        profile = self._typed()
        if isinstance(profile, Profile):
            self.save_pressed.emit(profile, self._before.name if self._before is not None else "")
        else:
            self.show_faults(tuple(profile))

    def _typed(self) -> Profile | list[FieldFault]:
        faults: list[FieldFault] = []
        site = self.site.text
        if site:
            try:
                site = hh2_site(site)
            except ValueError:
                faults.append(FieldFault("hh2.site", site, "hh2-site"))
        if name_key(self.name.text) in {name_key(name) for name in self._taken}:
            faults.append(FieldFault("name", self.name.text, "profile-name-taken"))
        number = _number(self.number, "procore.company_id", "company-id", faults, int, empty="0")
        proof = _number(self.proof, "run.proof_minutes", "minutes-1-1440", faults, int)
        pause = _number(self.pause, "run.job_pause", "seconds-0-600", faults, float)
        match = {
            name: int(_number(field, f"match.{name}", _MATCH[name], faults, int))
            for name, field in self._of_matching().items()
        }
        if faults:
            return faults
        p = self._profile
        return msgspec.structs.replace(
            p,
            name=self.name.text,
            driver=DriverName(self.driver.currentData()),
            hh2=msgspec.structs.replace(p.hh2, site=site, base=self.base.text),
            procore=msgspec.structs.replace(
                p.procore,
                company_id=int(number),
                company_name=self.company.text,
                login=self.login.text,
                api=self.api.text,
                web=self.web.text,
            ),
            run=msgspec.structs.replace(
                p.run,
                proof_minutes=int(proof),
                job_pause=float(pause),
                keep_sign_in=self.sign_in.isChecked(),
            ),
            match=MatchSettings(**match),
        )

    @Slot()
    def _connect(self) -> None:
        """What is tested is what was saved."""
        if self._typed() == self._before:
            self.connect_pressed.emit()
        else:
            self.other.say(_("Save what you changed first: the web services are tested as they were saved."))
            self._fit()
            self.page.ensureWidgetVisible(self.other, 0, 8)

    @Slot()
    def _delete(self) -> None:
        if self._before is not None:
            self.delete_pressed.emit(self._before.name)


def _number(
    field: Field,
    path: str,
    expected: str,
    faults: list[FieldFault],
    kind: type[int] | type[float],
    empty: str = "",
) -> float:
    text = (field.text or empty).replace(",", ".")
    try:
        if "_" in text:  # Python's own way to write a number, nobody else's
            raise ValueError(text)
        return kind(text)
    except ValueError:
        faults.append(FieldFault(path, text, expected))
        return 0

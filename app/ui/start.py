"""Opens the window: an empty frame is painted first, then its parts; only then the engine is imported and started."""

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.ui.frame import NAME, Frame
from app.words import language

if TYPE_CHECKING:
    from app.engine.faces import Practice, Workplace
    from app.ui.bridge import Engine
    from app.ui.opened import Opened
    from app.ui.single_instance import SingleInstance
    from app.ui.window import Window

APP_ID = "ondemand-sync"
PATIENCE = 10.0


def run_window(
    open_workplace: "Callable[[], Workplace]",
    profile: str = "",
    practice: "Practice | None" = None,
    chosen: "Callable[[], str] | None" = None,
    *,
    in_tray: bool = False,
) -> int:
    """Show the window until the person leaves; returns an exit code.

    `in_tray`: it begins as an icon in the tray, or small in the task bar where there is no tray.

    `open_workplace` is called on a thread of its own after the first paint, so that it may import what it likes.
    `profile` is opened first; `practice` starts the training company and opens that. `chosen` reads, after the first
    paint too, which language a person chose; None where the language that is spoken is to stay."""
    application = make_application()
    from app.ui.single_instance import SingleInstance

    single = SingleInstance()
    if not single.is_first():
        return 0
    while True:
        frame = Frame()
        starting = Starting(frame, single, open_workplace, profile, practice, chosen)
        starting.gone.connect(application.quit)
        frame.fit()
        if in_tray:
            starting.begin_unseen()
        else:
            frame.show()
        code = application.exec()
        if starting.again is None:
            break
        in_tray = False
        language.choose(starting.again)
        speak_of_qt(application)
        chosen = None
        profile = "" if practice is not None else starting.company
        frame.deleteLater()
    single.close()
    return code


def make_application() -> QApplication:
    """The application with its name, Qt's words in our language, and a loop that goes on while no window is shown."""
    if (
        sys.platform == "win32"
    ):  # only on Windows: the name under which notifications and the task bar know us
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(APP_ID)
    application.setApplicationDisplayName(NAME)
    application.setDesktopFileName(APP_ID)
    application.setQuitOnLastWindowClosed(False)
    speak_of_qt(application)
    return application


def speak_of_qt(application: QApplication) -> None:
    """Qt's own words (the buttons of its dialogs, the menu of a field) in the language that is spoken."""
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    spoken = language.language().partition("_")[0]
    if spoken != language.SOURCE and translator.load(f"qtbase_{spoken}", folder):
        application.installTranslator(translator)


class Starting(QObject):
    """From the first paint to a window that works. `gone` when the person has left; `opened` is None until it works.
    `again`: the language in which the window is to be opened anew, on `company`; None where the person left."""

    gone = Signal()
    works = Signal()
    _parts_came = Signal()
    _rooms_came = Signal(object)
    _failed = Signal(object)

    def __init__(
        self,
        frame: Frame,
        single: "SingleInstance | None",
        open_workplace: "Callable[[], Workplace]",
        profile: str = "",
        practice: "Practice | None" = None,
        chosen: "Callable[[], str] | None" = None,
    ) -> None:
        super().__init__(frame)
        self.frame = frame
        self.window: Window | None = None
        self.opened: Opened | None = None
        self._open_workplace = open_workplace
        self._profile, self._practice = profile, practice
        self._chosen = chosen
        self._left = self._begun = False
        self.again: str | None = None
        self.company = ""
        self.loading = threading.Thread(target=self._load, name="loading", daemon=True)
        frame.painted.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        frame.close_asked.connect(self._close_early)
        self._parts_came.connect(self._show_parts, Qt.ConnectionType.QueuedConnection)
        self._rooms_came.connect(self._open, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._tell_failure, Qt.ConnectionType.QueuedConnection)
        if single is not None:
            single.knocked.connect(self._to_front)

    def begin_unseen(self) -> None:
        """Begin without a first paint: nobody looks yet."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self.frame.showMinimized()
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if not self._begun:  # a window that began unseen is painted later
            self._begun = True
            self.loading.start()

    def _load(self) -> None:
        """On a thread of its own: the imports, which would hold up the window."""
        engine: Engine | None = None
        try:
            if self._chosen is not None and (wanted := self._chosen()):
                language.choose(wanted)
            import app.ui.opened  # noqa: F401

            self._parts_came.emit()
            from app.engine.thread import EngineThread

            started = EngineThread()
            started.start()
            engine = started
            workplace = self._open_workplace()
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            if engine is not None:
                engine.stop()
            self._failed.emit(error)
            return
        if self._left:
            _close(engine, workplace)
        else:
            self._rooms_came.emit((engine, workplace))

    @Slot()
    def _show_parts(self) -> None:
        from app.ui.icons import icon
        from app.ui.window import Window

        if not self._left:
            application = QApplication.instance()
            if isinstance(application, QApplication):
                speak_of_qt(application)
            QApplication.setWindowIcon(icon(APP_ID))
            self.window = Window(self.frame)
            self.window.show_loading()

    @Slot(object)
    def _open(self, rooms: "tuple[Engine, Workplace]") -> None:
        from app.ui.opened import Opened

        engine, workplace = rooms
        if self._left or self.window is None:
            threading.Thread(target=_close, args=rooms, name="closing", daemon=True).start()
            return
        self.frame.close_asked.disconnect(self._close_early)
        self.opened = Opened(self.window, engine, workplace)
        self.opened.leaving.gone.connect(self._gone)
        self.opened.begin(self._profile, self._practice, first_time=True)
        self.works.emit()

    @Slot()
    def _gone(self) -> None:
        if self.opened is not None:
            self.again, self.company = self.opened.again, self.opened.desk.company
        self.gone.emit()

    @Slot()
    def _close_early(self) -> None:
        self._left = True
        self.frame.let_go()
        self.frame.hide()  # in the midst of a close, which cannot be asked for twice
        self.gone.emit()

    @Slot(object)
    def _tell_failure(self, error: Any) -> None:
        from app.domain.problems import Problem, ProblemId, Trouble
        from app.ui import questions
        from app.words import problems

        internal = Problem(ProblemId.INTERNAL, {"what": type(error).__name__})
        problem = error.problem if isinstance(error, Trouble) else internal
        box = questions.tell(self.frame, NAME, problems.card(problem).as_text())
        box.finished.connect(self._close_early)

    @Slot()
    def _to_front(self) -> None:
        if self.frame.isMinimized() or not self.frame.isVisible():
            self.frame.showNormal()
        self.frame.raise_()
        self.frame.activateWindow()


def _close(engine: "Engine", workplace: "Workplace") -> None:
    """The person left before the window worked: let go of what was opened meanwhile."""
    try:
        engine.submit(workplace.close()).result(PATIENCE)
    finally:
        engine.stop()

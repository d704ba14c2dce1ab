"""What the Connect dialog wants, asked of the engine's thread: tests, a sign-in, a code, a disconnection."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Slot

from app.domain.connections import Connection, Disconnected
from app.domain.problems import Problem, ProblemId
from app.domain.profile import Profile, SecretState
from app.engine.faces import Workplace
from app.ui.bridge import Bridge
from app.ui.connect_dialog import ConnectDialog
from app.ui.stoppable import Stoppable
from app.words import connecting

T = TypeVar("T")


class ConnectDesk(QObject):
    """Serves one dialog for as long as it is open."""

    def __init__(self, bridge: Bridge, workplace: Workplace, profile: Profile, dialog: ConnectDialog) -> None:
        super().__init__(dialog)
        self._bridge, self._workplace, self._profile, self._dialog = bridge, workplace, profile, dialog
        self._work: Stoppable[Any] | None = None
        self._typed = ""
        dialog.test_pressed.connect(self.test)
        dialog.sign_in_pressed.connect(self._sign_in)
        dialog.stop_pressed.connect(self._stop)
        dialog.ask_code_pressed.connect(self._ask_code)
        dialog.code_given.connect(self._give)
        dialog.disconnect_pressed.connect(self._disconnect)
        dialog.finished.connect(self._stop)
        self.test()

    @Slot()
    def test(self, said: str = "") -> None:
        """Ask both sites' web services, now."""
        self._dialog.begin(said)
        self._ask(Stoppable(lambda: self._workplace.connections(self._profile.name)), self._found)

    def _found(self, found: list[Connection] | None) -> None:
        if found is not None:
            self._dialog.show_found(found)

    @Slot()
    def _sign_in(self) -> None:
        self._dialog.show_waiting()
        self._ask(Stoppable(lambda: self._workplace.sign_in_to_services(self._profile.name)), self._signed_in)

    def _signed_in(self, state: SecretState | None) -> None:
        if state is None:
            self._dialog.show_stopped()
        else:
            self.test(connecting.connected(state is SecretState.KEPT))

    @Slot()
    def _stop(self) -> None:
        """A code that was sent is waited for all the same: it works once."""
        work, self._work = self._work, None
        if work is not None:
            # The dialog may be gone by the time it has ended; the bridge asks for somebody to answer to.
            self._bridge.ask(self._bridge, work.stop(), _nothing, _nothing)

    @Slot()
    def _ask_code(self) -> None:
        self._dialog.show_working()
        self._ask_whole(self._workplace.ask_for_code(self._profile.name), self._dialog.show_address)

    @Slot(str)
    def _give(self, text: str) -> None:
        self._typed = text
        self._dialog.show_working()
        given = self._workplace.give_code(self._profile.name, text)
        self._bridge.ask(self, given, self._signed_in, self._not_given)

    def _not_given(self, problem: Problem) -> None:
        text, self._typed = self._typed, ""
        no_code = problem.id is ProblemId.PRO_CONNECT and problem.facts.get("why") == "no-code"
        if no_code and "://" not in text:  # a slip of the hand: the same question still stands
            self._dialog.show_slip(problem)
        else:
            self._dialog.show_problem(problem)

    @Slot()
    def _disconnect(self) -> None:
        self._dialog.show_working()
        self._ask_whole(self._workplace.disconnect(self._profile.name), self._disconnected)

    def _disconnected(self, what: Disconnected) -> None:
        account = self._profile.procore.service_account
        self.test(connecting.disconnected(what, service_account=account))

    def _ask(self, work: Stoppable[T], done: Callable[[T | None], None]) -> None:
        self._work = work
        self._ask_whole(work.run(), done)

    def _ask_whole(self, coroutine: Coroutine[Any, Any, T], done: Callable[[T], None]) -> None:
        self._bridge.ask(self, coroutine, done, self._dialog.show_problem)


def _nothing(_answer: object) -> None:
    """Nobody waits for it."""

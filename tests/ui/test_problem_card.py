"""A card: sentences first, the details folded, and what can be done about it as buttons."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.events import Site
from app.domain.problems import Problem, ProblemId
from app.domain.tabs import Tab
from app.ui.field import Sentence
from app.ui.problem_card import ProblemCard

WAITS = Problem(ProblemId.Q_IMPORT, {"tab": "vendors", "n": 12})


def _texts(card: ProblemCard) -> str:
    return "\n".join(one.text() for one in card.findChildren(Sentence) if not one.isHidden())


def test_the_code_and_the_facts_are_folded_until_they_are_asked_for(qtbot: QtBot) -> None:
    card = ProblemCard(WAITS, noted=False)
    qtbot.addWidget(card)
    card.show()
    assert "Q-IMPORT" not in _texts(card)
    card.more.click()
    assert "Q-IMPORT\ntab: vendors\nn: 12" in _texts(card)
    card.more.click()
    assert "Q-IMPORT" not in _texts(card)


def test_the_page_of_the_problem_is_opened_at_its_site(qtbot: QtBot) -> None:
    card = ProblemCard(WAITS, noted=False)
    qtbot.addWidget(card)
    card.show()
    assert card.open.text() == "Open in Procore"
    with qtbot.waitSignal(card.open_pressed, timeout=1000) as caught:
        card.open.click()
    assert caught.args == [Site.PROCORE, Tab.VENDORS]


@pytest.mark.parametrize("problem", list(ProblemId))
def test_a_card_without_a_page_offers_none_and_one_that_was_dealt_with_offers_nothing(
    problem: ProblemId, qtbot: QtBot
) -> None:
    card = ProblemCard(Problem(problem), noted=True)
    qtbot.addWidget(card)
    card.show()
    assert [one.text() for one in card.findChildren(QPushButton) if not one.isHidden()] == []
    other = ProblemCard(Problem(problem), noted=False)
    qtbot.addWidget(other)
    other.show()
    named = [one.text() for one in other.findChildren(QPushButton) if not one.isHidden()]
    assert "Copy for support" in named
    assert "" not in named

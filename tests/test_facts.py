"""Rooms and cards keep to one contract: a problem carries the facts of `app.domain.problem_facts` and no others.

The source is read, not run, so that a problem that no test meets is held to it too."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

import pytest

from app.domain.problem_facts import FACTS
from app.domain.problems import ProblemId
from app.words.cards import CARDS, Counted, Sentences

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "app").rglob("*.py"))
# What a card may name without a fact of that name: where passwords are kept here, and a file that was chosen.
ALWAYS = {"store", "table"}
EVERY_NAME = {name for facts in FACTS.values() for name in facts}
MAKERS = {"Problem", "trouble"}


@dataclass(frozen=True)
class Made:
    """A place where a problem is made: which ones it may be (none: not said in so many words), and its facts."""

    place: str
    ids: frozenset[ProblemId]
    names: frozenset[str]


@dataclass
class Known:
    """What is known of all modules: tables of problems by name, and functions that pass facts on for a problem."""

    tables: dict[str, frozenset[ProblemId]] = field(default_factory=dict)
    passers: dict[tuple[Path, str], tuple[frozenset[ProblemId], frozenset[str]]] = field(default_factory=dict)


def _id(node: ast.expr) -> ProblemId | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ProblemId":
        return ProblemId[node.attr]
    return None


def _ids(node: ast.expr, known: Known) -> frozenset[ProblemId]:
    """`ProblemId.X`, `TABLE[…]`, `TABLE.get(…, ProblemId.X)`; empty for anything else."""
    one = _id(node)
    if one is not None:
        return frozenset({one})
    found = {_id(inner) for inner in ast.walk(node) if isinstance(inner, ast.expr)} - {None}
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    for name in names:
        found |= known.tables.get(name, frozenset())
    return frozenset(one for one in found if one is not None)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _keys(node: ast.expr | None, function: ast.AST) -> set[str]:
    """The literal keys of a dictionary, also of one that was put together in a variable of the same function."""
    if isinstance(node, ast.Dict):
        found = {
            key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:  # **more
                found |= _keys(value, function)
        return found
    if isinstance(node, ast.Call) and _name(node) == "dict" and node.args:
        return _keys(node.args[0], function)
    if isinstance(node, ast.IfExp):
        return _keys(node.body, function) | _keys(node.orelse, function)
    if isinstance(node, ast.Name):
        return {key for value in _assigned(node.id, function) for key in _keys(value, function)}
    return set()


def _assigned(name: str, function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        for target in targets:
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and target.id == name and value is not None:
                yield value
            if isinstance(target, ast.Subscript) and ast.unparse(target.value) == name:
                yield ast.Dict([target.slice], [ast.Constant(None)])


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _know(trees: dict[Path, ast.Module]) -> Known:
    known = Known()
    for tree in trees.values():
        for node in tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
                ids = [_id(value) for value in node.value.values]
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(target, ast.Name) and any(ids):
                    known.tables[target.id] = known.tables.get(target.id, frozenset()) | {i for i in ids if i}
    for path, tree in trees.items():
        for function in _functions(tree):
            if function.args.kwarg is None:
                continue
            passed_on = f"**{function.args.kwarg.arg}"
            own = frozenset(one.arg for one in [*function.args.args, *function.args.kwonlyargs])
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if _name(call) in MAKERS and passed_on in ast.unparse(call):
                    known.passers[path, function.name] = (_ids(call.args[0], known), own)
    return known


def made(sources: list[Path]) -> list[Made]:
    """Every place in the sources where a problem is made, with the facts that are named there."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources}
    known = _know(trees)
    found: list[Made] = []
    for path, tree in trees.items():
        inside: dict[ast.Call, ast.AST] = {}
        for scope in (tree, *_functions(tree)):  # the innermost function comes last
            inside |= {node: scope for node in ast.walk(scope) if isinstance(node, ast.Call)}
        for call, function in inside.items():
            place = f"{path.name}:{call.lineno}"
            if _name(call) in MAKERS and call.args:
                names = {one.arg for one in call.keywords if one.arg}
                for value in [*call.args[1:], *(one.value for one in call.keywords if one.arg is None)]:
                    names |= _keys(value, function)
                found.append(Made(place, _ids(call.args[0], known), frozenset(names - {"facts"})))
            elif (path, _name(call)) in known.passers:
                ids, own = known.passers[path, _name(call)]
                names = {one.arg for one in call.keywords if one.arg} - own
                found.append(Made(place, ids, frozenset(names)))
    return found


def strangers(one: Made) -> set[str]:
    """The facts that the contract does not know for any problem that this may be."""
    allowed = {name for problem in one.ids for name in FACTS[problem]} if one.ids else EVERY_NAME
    return set(one.names) - allowed


def test_every_problem_has_its_facts_named_with_a_meaning() -> None:
    assert set(FACTS) == set(ProblemId)
    for problem, facts in FACTS.items():
        for name, meaning in facts.items():
            assert name.isidentifier(), problem
            assert len(meaning) > 8, f"{problem.value}: {name} has no meaning"
            assert "\n" not in meaning


# Made by a part that is under way.
NOT_YET = {ProblemId.NO_MATCH_SOURCE}


def test_every_problem_is_made_somewhere() -> None:
    texts = [
        path.read_text("utf-8") for path in SOURCES if path.name not in ("problems.py", "problem_facts.py")
    ]
    texts = [text for text in texts if "CARDS: " not in text]
    never = {one for one in ProblemId if not any(f"ProblemId.{one.name}" in text for text in texts)}
    assert never <= NOT_YET


def test_no_room_gives_a_problem_a_fact_that_is_not_in_the_contract() -> None:
    found = made(SOURCES)
    assert len(found) > 90, "the rooms make their problems in a way that this test does not see"
    assert sum(bool(one.names) for one in found) > 70
    wrong = {one.place: strangers(one) for one in found if strangers(one)}
    assert not wrong


def test_nearly_every_problem_is_named_where_it_is_made() -> None:
    found = made(SOURCES)
    assert sum(not one.ids for one in found) <= 4, [one.place for one in found if not one.ids]


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('raise trouble(ProblemId.NET, hots="x")', {"hots"}),
        ('Problem(ProblemId.DISK, {"file": "x", "reason": "full"})', {"reason"}),
        ('def f():\n  facts = {"n": 1}\n  facts["fisrt"] = 2\n  Problem(ProblemId.Q_FAILED, dict(facts))', {"fisrt"}),
        ('T = {"hh2": ProblemId.HH2_DOWN}\nProblem(T[site], {"text": ""})', {"text"}),
        ('def p(why, **facts):\n    return trouble(ProblemId.KEYRING, why=why, **facts)\np("", king="")', {"king"}),
        ('Problem(unsaid, {"nowhere": 1})', {"nowhere"}),
        ('trouble(ProblemId.NET, host="x", site="hh2")', set()),
    ],
)  # fmt: skip
def test_a_wrong_name_is_seen_however_it_is_given(source: str, wrong: set[str], tmp_path: Path) -> None:
    path = tmp_path / "room.py"
    path.write_text(source, encoding="utf-8")
    seen: set[str] = set()
    for one in made([path]):
        seen |= strangers(one)
    assert seen == wrong


def _blanks(sentences: Sentences) -> set[str]:
    names: set[str] = set()
    for one in sentences if isinstance(sentences, tuple) else (sentences,):
        for text in (one.one, one.many) if isinstance(one, Counted) else (one,):
            names |= {name for _, name, _, _ in Formatter().parse(text) if name}
        if isinstance(one, Counted):
            names.add(one.count)
    return names


@pytest.mark.parametrize("problem", list(ProblemId))
def test_no_card_has_a_blank_that_no_fact_can_fill(problem: ProblemId) -> None:
    card = CARDS[problem]
    blanks = _blanks(card.title) | _blanks(card.why) | _blanks(card.do)
    assert blanks - ALWAYS <= set(FACTS[problem])

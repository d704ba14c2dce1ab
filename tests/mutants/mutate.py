"""Small changes of a module, one at a time: a comparison turned round, a branch never taken, a line left out."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[2]
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
# What is for types, for the eye or for the log alone changes nothing that a run does.
_PASSED_OVER = ("__repr__",)
_LOGS = ("_log", "_LOG", "log")


@dataclass(frozen=True)
class Mutant:
    """One change: `node` is its place in the module's tree, `way` which of the changes that are possible there."""

    module: str
    line: int
    function: str
    before: str
    after: str
    node: int
    way: int

    @property
    def key(self) -> str:
        """What it is called in the list of survivors: it stays the same while other lines come and go."""
        return f"{self.module} {self.function}: {self.before} -> {self.after}"


def path_of(module: str) -> Path:
    """The file of a module of ours ("app.domain.gate")."""
    return ROOT / Path(*module.split(".")).with_suffix(".py")


def mutants(module: str) -> list[Mutant]:
    """Every change of a module that there is, in the order of its lines."""
    source = path_of(module).read_text(encoding="utf-8")
    found: list[Mutant] = []
    for node, (one, function) in enumerate(_places(ast.parse(source))):
        for way, changed in enumerate(_ways(one)):
            before, after = _shown(one), _shown(changed)
            if before != after:
                found.append(Mutant(module, getattr(one, "lineno", 0), function, before, after, node, way))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.node, mutant.way))


def unchanged(module: str) -> Mutant:
    """No change: what is tried first, to see that the tests are good with it."""
    return Mutant(module, 0, "", "", "", -1, 0)


def compiled(mutant: Mutant) -> CodeType:
    """The module with this change, ready to be run."""
    path = path_of(mutant.module)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if mutant.node < 0:
        return compile(tree, str(path), "exec")
    target = list(_places(tree))[mutant.node][0]
    put = _ways(target)[mutant.way]
    changed: ast.Module = _Put(target, put).visit(tree)  # type: ignore[assignment]
    return compile(ast.fix_missing_locations(changed), str(path), "exec")


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.AST, put: ast.AST) -> None:
        self._target = target
        self._put = put

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._target:
            return ast.copy_location(self._put, node)
        return self.generic_visit(node)


def _places(tree: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Every node in which a change may be made, with the name of the function around it."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        if name == "keywords" and isinstance(tree, ast.ClassDef):  # frozen=True: the type checker holds it
            continue
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, ast.AST) or _is_passed_over(one):
                continue
            inner = function
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{function}.{one.name}" if function else one.name
            yield one, inner
            yield from _places(one, inner)


def _is_passed_over(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef(name=name) if name in _PASSED_OVER:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in _LOGS:
            return True
        case ast.AnnAssign(value=None):
            return True
        case ast.Call(func=ast.Name(id="TypeVar")):
            return True
    return False


def _ways(node: ast.AST) -> list[ast.AST]:
    """What may stand there instead."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=rest):
            return [
                ast.Compare(left, [*ops[:at], _COMPARED[type(op)](), *ops[at + 1 :]], rest)
                for at, op in enumerate(ops)
                if type(op) in _COMPARED
            ]
        case ast.BoolOp(op=op, values=values):
            other: ast.boolop = ast.Or() if isinstance(op, ast.And) else ast.And()
            fewer = [[*values[:at], *values[at + 1 :]] for at in range(len(values))]
            return [
                ast.BoolOp(other, values),
                *(one[0] if len(one) == 1 else ast.BoolOp(op, one) for one in fewer),
            ]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _COUNTED:
            return [ast.BinOp(left, _COUNTED[type(op)](), right)]
        case ast.Constant(value=bool() as value):
            return [ast.Constant(not value)]
        case ast.Constant(value=int() | float() as number):
            return [ast.Constant(number + 1)]
        case ast.If(test=test, body=body, orelse=orelse):
            return [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return [body, orelse]
        case ast.While(test=test, body=body, orelse=orelse) if not isinstance(test, ast.Constant):
            return [ast.While(ast.UnaryOp(ast.Not(), test), body, orelse)]
        case ast.Return(value=value) if value is not None and not _is_none(value):
            return [ast.Return(ast.Constant(None))]
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise() | ast.AugAssign():
            return [ast.Pass()]
        case ast.Continue():
            return [ast.Break()]
        case ast.Break():
            return [ast.Continue()]
    return []


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 100 else f"{text[:97]}…"

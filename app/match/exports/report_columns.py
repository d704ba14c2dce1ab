"""The columns of a report's tables: what each holds, how wide it is, whether it is added up."""

from enum import StrEnum

import msgspec

from app.words import match as words


class Form(StrEnum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"  # per cent, to one place
    DAY = "day"


class Column(msgspec.Struct, frozen=True):
    """`key` is a heading of `app.words.match`; `total` adds the column up; `width` is in digits."""

    key: str
    form: Form = Form.TEXT
    width: int = 14
    total: bool = False

    @property
    def heading(self) -> str:
        """The heading, in the person's language."""
        return words.heading(self.key)


_SIDES = (
    Column("sage", Form.MONEY, 17, total=True),
    Column("procore", Form.MONEY, 17, total=True),
)
_PLACE = (
    Column("job", width=12),
    Column("sub-job", width=10),
    Column("cost-code", width=12),
    Column("cost-type", width=10),
)
POPULATIONS = (
    Column("list", width=24),
    *(Column(key, Form.COUNT, 16, total=True) for key in ("sage-only", "procore-only", "equal", "different")),
    Column("expected", Form.COUNT, 20, total=True),
)
RECORDS = (
    Column("list", width=18),
    Column("job", width=12),
    Column("code", width=14),
    Column("sage", width=30),
    Column("procore", width=30),
    Column("sage-amount", Form.MONEY, 17),
    Column("procore-amount", Form.MONEY, 17),
    Column("flag", width=20),
    Column("what", width=20),
    Column("expected", width=20),
)
MONEY = (
    Column("level", width=16),
    *_PLACE,
    Column("name", width=28),
    *_SIDES,
    Column("difference", Form.MONEY, 17, total=True),
    Column("plus", Form.MONEY, 15, total=True),
    Column("minus", Form.MONEY, 15, total=True),
    Column("per-cent", Form.SHARE, 9),
    Column("flag", width=24),
)
DIFFERENCES = (
    Column("list", width=18),
    *_PLACE,
    Column("code", width=12),
    Column("name", width=26),
    *_SIDES,
    Column("difference", Form.MONEY, 17, total=True),
    Column("flag", width=20),
    Column("what", width=16),
    Column("reason", width=44),
    Column("to-do", width=44),
    Column("acts", width=20),
    Column("since", width=20),
    Column("first-seen", Form.DAY, 12),
)
ACCEPTED = (
    *DIFFERENCES,
    Column("note", width=30),
    Column("accepted-by", width=18),
    Column("accepted-on", Form.DAY, 12),
    Column("expires", Form.DAY, 12),
)
CLEARED = (Column("name", width=60), Column("amount", Form.MONEY, 17, total=True))
QUEUES = (
    Column("tab", width=30),
    Column("ready-to-import", Form.COUNT, 17, total=True),
    Column("import-since", width=32),
    Column("failed-to-export", Form.COUNT, 17, total=True),
    Column("export-since", width=32),
    Column("first-failure", width=60),
)
REASONS = (
    Column("reason", width=52),
    Column("count", Form.COUNT, 10, total=True),
    Column("amount", Form.MONEY, 17, total=True),
    Column("acts", width=22),
    Column("to-do", width=60),
)
AGES = (
    Column("side", width=12),
    Column("list", width=24),
    Column("source", width=24),
    Column("read-at", width=22),
    Column("records", Form.COUNT, 12, total=True),
)
SILENCES = (Column("list", width=24), Column("side", width=12), Column("job", width=12),
            Column("count", Form.COUNT, 10, total=True), Column("why", width=70))  # fmt: skip
TIES = (
    Column("what", width=64),
    Column("proven", Form.COUNT, 12),
    Column("broken", Form.COUNT, 14),
)
APPEARED = (Column("list", width=24), Column("code", width=20), Column("name", width=50))
MOVEMENTS = (
    Column("job", width=14),
    Column("name", width=40),
    Column("before", Form.MONEY, 17),
    Column("now", Form.MONEY, 17),
    Column("moved", Form.MONEY, 17),
)

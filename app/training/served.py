"""What a start of the training company tells its parent: addresses and made-up credentials, as one line of JSON."""

import msgspec


class Hh2Served(msgspec.Struct, frozen=True):
    """The training hh2. `address` is its origin."""

    address: str
    site: str
    user: str
    password: str
    api_key: str
    api_secret: str


class ProcoreServed(msgspec.Struct, frozen=True):
    """The training Procore: login, API and web are one origin, `address`."""

    address: str
    company_id: int
    company_name: str
    user: str
    password: str
    client_id: str
    client_secret: str


class Served(msgspec.Struct, frozen=True):
    """One start of the training company. Nothing of it outlives the process `pid`."""

    hh2: Hh2Served
    procore: ProcoreServed
    admin_token: str
    pid: int
    scenario: str
    seed: int
    pace: float
    trouble: str = ""
    elsewhere: str = ""  # the address of somebody else's host

"""How patient a run is: the deadlines and pauses of one profile, in seconds."""

import msgspec


class Patience(msgspec.Struct, frozen=True):
    """Every wait of the engine. The defaults suit the real sites; training runs faster."""

    poll: float = 1.0  # between two looks; never less for real sites
    request: float = 60.0  # one look, one press, one sign-in
    appear: float = 60.0  # after a lost answer: how long a start may take to show before it counts as lost
    pick_up: float = 600.0  # hh2 accepted, and the sync client does not pick it up
    step_one: float = 4 * 3600.0  # no proof of an end after this long: unsure
    tab: float = 1800.0  # no end reported after this long: unknown
    busy: float = 3600.0  # somebody else's sync or refresh is waited for so long
    person: float = 1800.0  # a person is waited for so long; 0: nobody is there to act
    blind: float = 900.0  # after a press, with no readable look for this long: unsure, unknown
    long: float = 60.0  # a sync shorter than this is never called long, whatever is usual
    tries: int = 5  # looks that may fail in a row
    first_retry: float = 0.5  # then doubled, with jitter, up to `last_retry`
    last_retry: float = 20.0
    sign_ins: int = 3  # how often a run signs in again to one site before it asks the person
    closing: float = 5.0  # the driver's own end
    keyring: float = 20.0
    still_tab: float = 300.0  # a tab whose page shows no change at all after our press: unknown (silent)


def training_patience(pace: float, person: float) -> Patience:
    """The patience for a training company that runs at `pace` (1: a sync takes a few seconds; 0.05: tests)."""
    scale = max(pace, 0.05)
    return Patience(
        poll=0.25 * scale,
        request=max(3.0, 15.0 * scale),
        appear=max(1.0, 8.0 * scale),
        pick_up=max(1.5, 15.0 * scale),
        step_one=max(3.0, 45.0 * scale),
        tab=max(3.0, 45.0 * scale),
        blind=max(1.0, 10.0 * scale),
        long=5.0 * scale,
        busy=max(5.0, 60.0 * scale),
        still_tab=max(2.0, 20.0 * scale),
        first_retry=0.2 * scale,
        last_retry=2.0 * scale,
        person=person,
    )


def for_pages(patience: Patience) -> Patience:
    """The same patience where pages are driven in a browser: a look there is slower than a plain answer."""
    return msgspec.structs.replace(
        patience,
        poll=max(0.1, patience.poll),
        request=max(60.0, patience.request),
        appear=max(5.0, patience.appear),
        pick_up=max(10.0, patience.pick_up),
        step_one=max(15.0, patience.step_one),
        tab=max(15.0, patience.tab),
        blind=max(10.0, patience.blind),
        busy=max(30.0, patience.busy),
        still_tab=max(8.0, patience.still_tab),
    )

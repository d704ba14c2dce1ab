"""Where a company's sign-ins are kept between runs: with its other secrets, if its person wants that."""

import logging
from collections.abc import Callable

from app.domain.events import Site
from app.domain.problems import Trouble
from app.domain.profile import Profile, Secret
from app.storage.profile_secrets import ProfileSecrets

STATES = {Site.HH2: Secret.HH2_SIGN_IN, Site.PROCORE: Secret.PROCORE_SIGN_IN}
_log = logging.getLogger(__name__)


class KeptSignIns:
    """Fulfils the pages' `SignIns`. The profile is asked each time: who switches it off in a run has nothing kept."""

    def __init__(self, profile: Callable[[], Profile], secrets: ProfileSecrets) -> None:
        self._profile = profile
        self._secrets = secrets

    async def kept(self, site: Site) -> str:
        if not self._profile().run.keep_sign_in:
            return ""
        try:
            text = await self._secrets.text(STATES[site])
        except Trouble as unknown:
            _log.warning("the kept sign-in of %s cannot be read: %s", site.value, unknown.problem.id.value)
            return ""
        return "" if text is None else text.reveal()

    async def keep(self, site: Site, text: str) -> None:
        if not self._profile().run.keep_sign_in:
            return
        try:
            await self._secrets.keep(STATES[site], text, remember=True)
        except Trouble as lost:
            _log.warning("the sign-in of %s is not kept: %s", site.value, lost.problem.id.value)

    async def forget(self, site: Site) -> None:
        try:
            await self._secrets.forget(STATES[site])
        except Trouble as left:
            _log.warning("the sign-in of %s is not forgotten: %s", site.value, left.problem.id.value)


async def forget_sign_ins(secrets: ProfileSecrets) -> None:
    """The person no longer wants them kept. Raises Trouble(KEYRING) and Trouble(DISK)."""
    for secret in STATES.values():
        await secrets.forget(secret)

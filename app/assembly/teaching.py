"""Labels that a person taught: kept in the company's profile, and taken out again."""

import logging

import msgspec

from app.assembly.account import who
from app.assembly.companies import Companies
from app.assembly.pages import Pages
from app.domain.taught import Taught, Unfit, with_label, without_label

_LOG = logging.getLogger(__name__)


class Teaching:
    """Fulfils that part of `engine.faces.Workplace`."""

    def __init__(self, companies: Companies, pages: Pages) -> None:
        self._companies = companies
        self._pages = pages

    async def teach(self, name: str, label: Taught) -> Unfit | None:
        """Keep a label that a person taught; why not, where it may not be."""
        profile = await self._companies.profile(name)
        others = without_label(profile.labels, label.key)
        unfit = await self._pages.unfit(label, others)
        if unfit is not None:
            return unfit
        if await self._companies.save(msgspec.structs.replace(profile, labels=with_label(others, label))):
            return Unfit.NO_NAME
        _LOG.info("taught in %s by %s: %s is the %s %r", name, who(), label.key, label.role, label.name)
        return None

    async def forget_taught(self, name: str, key: str) -> bool:
        """Take a taught label out of the profile again."""
        profile = await self._companies.profile(name)
        left = without_label(profile.labels, key)
        if left == profile.labels:
            return False
        await self._companies.save(msgspec.structs.replace(profile, labels=left))
        _LOG.info("taken out of what was taught in %s by %s: %s", name, who(), key)
        return True

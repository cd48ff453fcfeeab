"""Client of Dalil, a semantic-search service for Arabic and English.

Start with `Client` or, in programs that use asyncio, `AsyncClient`. Messages are those of
`dalil.v1`, generated from the API; its comments describe every field.
"""

from ._aio import AsyncClient
from ._build import document
from ._client import Client
from .errors import DalilError, Violation

__all__ = ["AsyncClient", "Client", "DalilError", "Violation", "document"]

"""Pages of lists, as a screen turns them."""

from dataclasses import dataclass

POR_PAGINA = 20


@dataclass(frozen=True, slots=True)
class Pagina:
    """Which page is asked for; ``page`` counts from 1."""

    page: int = 1
    per_page: int = POR_PAGINA


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where a page stands in its list. ``pages`` is 0 when the list is empty."""

    page: int
    per_page: int
    total: int
    pages: int
    has_next: bool
    has_prev: bool

    @classmethod
    def de(cls, pagina: Pagina, total: int) -> "Pagination":
        """Of a list of ``total`` rows. Beyond its end there is nothing, and the last page lies before."""
        pages = -(-total // pagina.per_page)
        return cls(pagina.page, pagina.per_page, total, pages, pagina.page < pages, pages > 0 and pagina.page > 1)

"""The payments of a campaign."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PagosVinculados:
    """What a campaign was told about payments; ``vigentes`` are those that count. One that fell never does again."""

    confirmados: set[str] = field(default_factory=set)
    caidos: set[str] = field(default_factory=set)
    vigentes: set[str] = field(default_factory=set)

    def confirmar(self, payout_id: str) -> None:
        self.confirmados.add(payout_id)
        if payout_id not in self.caidos:
            self.vigentes.add(payout_id)

    def tumbar(self, payout_id: str) -> None:
        self.caidos.add(payout_id)
        self.vigentes.discard(payout_id)

    def queda_otro(self, payout_id: str) -> bool:
        """Whether a payment other than this one counts."""
        # Sizes and not a difference of sets: a campaign may have hundreds of thousands of payments.
        return len(self.vigentes) > (payout_id in self.vigentes)

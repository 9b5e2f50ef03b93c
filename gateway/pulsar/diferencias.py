"""What a log, its followers and its topic say of each other, and whether that is one history."""

from dataclasses import dataclass, field

from gateway.pulsar.cotejo import huella_de
from gateway.pulsar.lugares import Lugares
from gateway.pulsar.topico import Contado


@dataclass(frozen=True, slots=True)
class Perdido:
    """What the world has seen and the log doesn't have. ``otro_igual``: the log has another event of that id."""

    evento: str
    tipo: str
    de: str
    posicion: int
    ocurrido_en: str
    mensaje: str
    contado_en: str
    otro_igual: bool


@dataclass
class Vistos:
    """What stands on the topic of our relay's. ``huellas`` are of the messages that the log was not found to have."""

    cuantos: int = 0
    alto: int = 0
    repetidos: list[str] = field(default_factory=list)
    huellas: set[bytes] = field(default_factory=set)
    primero: Contado | None = None
    ultimo: Contado | None = None

    def anotar(self, uno: Contado) -> None:
        huella = huella_de(uno.mensaje)
        if huella in self.huellas:
            self.repetidos.append(uno.mensaje.event_id)
        self.huellas.add(huella)
        self.cuantos += 1
        self.alto = max(self.alto, uno.hasta)
        self.primero = self.primero or uno
        self.ultimo = uno


@dataclass
class Alineacion:
    """One module as it stands. ``memoria`` is None when it can't be asked for: a relay that does well has the name."""

    modulo: str
    topic: str
    cabeza: int
    lugares: Lugares
    memoria: int | None
    vistos: Vistos
    desde: int
    """Position from which the log was compared: the broker has let go of what was told before."""
    perdidos: list[Perdido] = field(default_factory=list)
    faltan: list[int] = field(default_factory=list)
    """Positions of what the log has to tell and the topic doesn't have, be it lost or just not told yet."""

    ids: dict[int, str] = field(default_factory=dict)
    """What those events are called."""
    final_en_el_log: bool = True
    comun_en: str = ""
    """When the last event happened that log and topic both have; empty when they have none."""

    @property
    def final(self) -> int:
        """The position after which a relay would go on."""
        ultimo = self.vistos.ultimo
        return max(self.memoria or 0, 0) if ultimo is None else ultimo.hasta

    @property
    def tardios(self) -> list[int]:
        """What no relay would tell any more, with all that comes after it: its order is that of the log."""
        tope = max(self.final, self.memoria or 0)
        return self.faltan if self.faltan and self.faltan[0] <= tope else []

    @property
    def por_recontar(self) -> list[int]:
        """What was told once and the topic has lost: a relay tells it again by itself."""
        return [] if self.tardios else [uno for uno in self.faltan if uno <= self.lugares.relevo]

    @property
    def debida(self) -> int:
        """The position beyond which the next event must come: everybody takes those up to it for seen."""
        lugares = self.lugares
        return max(self.cabeza, self.vistos.alto, self.memoria or 0, lugares.relevo, *lugares.seguidores.values(), 0)

    @property
    def rehusa(self) -> bool:
        """Whether a relay would refuse to go on."""
        return self.final > self.lugares.relevo and not self.final_en_el_log

    @property
    def adelantados(self) -> list[str]:
        """Readers of the log that have read what it doesn't have."""
        return sorted(uno for uno, hasta in self.lugares.seguidores.items() if hasta > self.cabeza)

    @property
    def alineado(self) -> bool:
        return not (self.tardios or self.por_recontar or self.rehusa or self.lugares.secuencia < self.debida)

    @property
    def restaurada(self) -> bool:
        """Whether the log comes from an older copy than what was told, and nobody has seen to it yet."""
        return not self.alineado and (bool(self.perdidos) or self.rehusa or self.lugares.secuencia < self.debida)

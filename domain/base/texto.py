"""What a text must be before it is stored: bounded, printable, and free of card numbers."""

import re
import unicodedata

from domain.base.errores import ReglaRota

LARGO_DE_REFERENCIA = 128
LARGO_DE_TEXTO_LIBRE = 500
_INVISIBLES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_IDENTIFICADOR = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CIFRAS = tuple(
    # Looked at from each place where digits begin: a number may overlap with others that only look like one.
    re.compile(rf"(?<!\d)(?=({forma})(?!\d))")
    for forma in (
        r"\d{12,19}",
        # As cards are printed: 4-4-4-4, with or without up to three more, and 4-6-4 or 4-6-5.
        r"\d{4}([ ._/-])\d{4}\2\d{4}\2\d{4}",
        r"\d{4}([ ._/-])\d{4}\2\d{4}\2\d{4}\2\d{1,3}",
        r"\d{4}([ ._/-])\d{6}\2\d{4,5}",
    )
)
_SEPARADOR = re.compile(r" *([ ._/-]) *")
_TARJETA_MAS_CORTA = 12


class CampoRequerido(ReglaRota):
    codigo = "CAMPO_REQUERIDO"

    def __init__(self, campo: str) -> None:
        super().__init__(f"{campo} es requerido")


class CampoDemasiadoLargo(ReglaRota):
    codigo = "CAMPO_DEMASIADO_LARGO"

    def __init__(self, campo: str, maximo: int) -> None:
        super().__init__(f"{campo} admite como máximo {maximo} caracteres")


class CaracteresInvalidos(ReglaRota):
    codigo = "CARACTERES_INVALIDOS"

    def __init__(self, campo: str) -> None:
        super().__init__(f"{campo} tiene caracteres que no se admiten")


class IdentificadorInvalido(ReglaRota):
    codigo = "IDENTIFICADOR_INVALIDO"

    def __init__(self, campo: str) -> None:
        super().__init__(f"{campo} debe tener de 1 a 64 letras, cifras, puntos, guiones o guiones bajos")


class NumeroDeTarjeta(ReglaRota):
    """Never echoes the text that it refuses."""

    codigo = "NUMERO_DE_TARJETA"

    def __init__(self, campo: str) -> None:
        super().__init__(f"{campo} contiene un número de tarjeta")


def es_identificador(valor: str) -> bool:
    """Whether ``valor`` can name a stream that the world may see."""
    return _IDENTIFICADOR.fullmatch(valor) is not None


def identificador(valor: str, campo: str) -> str:
    """An outside id, exactly as given. Raises IdentificadorInvalido."""
    if not es_identificador(valor):
        raise IdentificadorInvalido(campo)
    return valor


def referencia(valor: str, campo: str, maximo: int = LARGO_DE_REFERENCIA) -> str:
    """A name that others gave to something, trimmed. It is not searched for card numbers.

    Raises CampoRequerido, CampoDemasiadoLargo, CaracteresInvalidos.
    """
    valor = valor.strip()
    if not valor:
        raise CampoRequerido(campo)
    if len(valor) > maximo:
        raise CampoDemasiadoLargo(campo, maximo)
    # PostgreSQL stores neither NUL nor lone surrogates, and no reader expects a line within a name.
    if not valor.isprintable() and any(unicodedata.category(letra) in _INVISIBLES for letra in valor):
        raise CaracteresInvalidos(campo)
    return valor


def texto_libre(valor: str, campo: str, maximo: int = LARGO_DE_TEXTO_LIBRE) -> str:
    """What a person wrote, trimmed. Raises what ``referencia`` raises, and NumeroDeTarjeta."""
    valor = referencia(valor, campo, maximo)
    if contiene_tarjeta(valor):
        raise NumeroDeTarjeta(campo)
    return valor


def contiene_tarjeta(valor: str) -> bool:
    """Whether 12 to 19 digits in a row, or grouped as on a card, pass the Luhn check."""
    llano = unicodedata.normalize("NFKC", valor)
    if sum(map(str.isdecimal, llano)) < _TARJETA_MAS_CORTA:
        return False
    # What a copied number may have between its digits: any dash, blanks, characters that nobody sees.
    visto = {letra: unicodedata.category(letra) for letra in set(llano)}
    llano = "".join("-" if visto[letra] == "Pd" else letra for letra in llano if visto[letra] != "Cf")
    llano = _SEPARADOR.sub(r"\1", llano)
    hallazgos = (hallazgo[1] for cifras in _CIFRAS for hallazgo in cifras.finditer(llano))
    return any(_pasa_luhn([int(letra) for letra in hallazgo if letra.isdecimal()]) for hallazgo in hallazgos)


def _pasa_luhn(cifras: list[int]) -> bool:
    dobles = (sum(divmod(2 * cifra, 10)) for cifra in cifras[-2::-2])
    return (sum(cifras[-1::-2]) + sum(dobles)) % 10 == 0

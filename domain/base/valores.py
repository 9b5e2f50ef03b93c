"""The values that describe a person and the means of a payment."""

import re
import unicodedata
from dataclasses import dataclass

from domain.base.errores import ReglaRota
from domain.base.texto import contiene_tarjeta, referencia

_GRATUITOS = (
    "aol.com fastmail.com gmail.com gmx.com gmx.net googlemail.com hey.com hotmail.com hotmail.es icloud.com "
    "live.com mac.com mail.com mail.ru me.com msn.com outlook.com outlook.es pm.me proton.me protonmail.com "
    "qq.com rediffmail.com tutanota.com web.de yahoo.com yahoo.com.ar yahoo.com.mx yahoo.es yandex.com "
    "yandex.ru ymail.com zoho.com 163.com 126.com"
)
CORREO_GRATUITO = frozenset(_GRATUITOS.split())
"""Domains where anyone gets a mailbox: an address there says nothing of a company."""

LARGO_DE_EMAIL = 254
_LOCAL = re.compile(r'[^\s@"(),:;<>\[\\\]]{1,64}')
_DOMINIO = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")
_CEDULA = re.compile(r"[0-9]{5,20}")
_MASCARA = re.compile(
    # At most four clear digits at the end; or up to six before the mask characters and four after.
    r"\D*\d{0,4}|[^\d*•]*\d{1,6}[*xX•]+\d{0,4}"
)
_SEPARADORES = re.compile(r"[\s./-]")


class EmailInvalido(ReglaRota):
    codigo = "EMAIL_INVALIDO"
    mensaje = "Email no es válido"


class CedulaInvalida(ReglaRota):
    codigo = "CEDULA_INVALIDA"
    mensaje = "Cédula debe ser numérica"


class NombreInvalido(ReglaRota):
    codigo = "NOMBRE_INVALIDO"
    mensaje = "Nombre debe tener de 2 a 120 caracteres visibles"


class MascaraReveladora(ReglaRota):
    codigo = "MASCARA_REVELADORA"
    mensaje = "payment_method_mask deja ver más cifras de las admitidas"


@dataclass(frozen=True, slots=True)
class Email:
    """An address as it was typed, trimmed."""

    valor: str

    @classmethod
    def de(cls, valor: str) -> "Email":
        """Raises EmailInvalido."""
        valor = valor.strip()
        if len(valor) > LARGO_DE_EMAIL:
            raise EmailInvalido
        local, _, dominio = valor.rpartition("@")
        puntos_sueltos = local.startswith(".") or local.endswith(".") or ".." in local
        invisible = not valor.isprintable() and any(unicodedata.category(letra)[0] == "C" for letra in valor)
        forma = _LOCAL.fullmatch(local) and _DOMINIO.fullmatch(dominio)
        if "_" in dominio or puntos_sueltos or invisible or not forma:
            raise EmailInvalido
        return cls(valor)

    @property
    def normalizado(self) -> str:
        """How addresses are compared."""
        return self.valor.casefold()

    @property
    def dominio(self) -> str:
        return self.normalizado.rpartition("@")[2]

    @property
    def es_empresarial(self) -> bool:
        return self.dominio not in CORREO_GRATUITO


@dataclass(frozen=True, slots=True)
class Cedula:
    """Digits as text: leading zeros count."""

    valor: str

    @classmethod
    def de(cls, valor: str) -> "Cedula":
        """Raises CedulaInvalida."""
        if _CEDULA.fullmatch(valor) is None:
            raise CedulaInvalida
        return cls(valor)


@dataclass(frozen=True, slots=True)
class Nombre:
    """What a person is called."""

    valor: str

    @classmethod
    def de(cls, valor: str) -> "Nombre":
        """Raises NombreInvalido, and what ``referencia`` raises."""
        valor = referencia(valor, "Nombre", maximo=240)
        compuesto = unicodedata.normalize("NFC", valor)
        invisibles = compuesto.count(" ")
        if not compuesto.isprintable():
            invisibles = sum(unicodedata.category(letra)[0] in "CZ" for letra in compuesto)
        if not 2 <= len(compuesto) - invisibles <= 120:
            raise NombreInvalido
        return cls(valor)


@dataclass(frozen=True, slots=True)
class Mascara:
    """What may be shown of a means of payment."""

    valor: str

    @classmethod
    def de(cls, valor: str) -> "Mascara":
        """Raises MascaraReveladora, and what ``referencia`` raises. The error never echoes the text."""
        valor = referencia(valor, "payment_method_mask", maximo=64)
        compacta = _SEPARADORES.sub("", unicodedata.normalize("NFKC", valor))
        if contiene_tarjeta(valor) or _MASCARA.fullmatch(compacta) is None:
            raise MascaraReveladora
        return cls(valor)

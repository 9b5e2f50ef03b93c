"""What Clientes refuses."""

from domain.base.errores import Conflicto


class ClienteYaExiste(Conflicto):
    codigo = "CLIENTE_YA_EXISTE"
    mensaje = "El id ya está registrado con otros datos"


class ClienteAnonimizado(Conflicto):
    codigo = "CLIENTE_ANONIMIZADO"
    mensaje = "El cliente fue anonimizado"


class EmailYaRegistrado(Conflicto):
    codigo = "EMAIL_YA_REGISTRADO"
    mensaje = "Email ya existe en el sistema"


class CedulaYaRegistrada(Conflicto):
    codigo = "CEDULA_YA_REGISTRADA"
    mensaje = "Cédula ya existe en el sistema"

"""What an OpenAPI document says of the doors: who may ask what, and how one is refused."""

from typing import Any

from gateway.acceso.permisos import ADMITE, PUBLICO, permiso_de
from gateway.documento import de_rechazo

Documento = dict[str, Any]
ESQUEMA = "portador"
METODOS = frozenset({"get", "put", "post", "patch", "delete"})
REFERENCIA = "#/components/responses/"
RECHAZOS = {
    "401": "Sin credencial, o con una que no vale; sin ninguna configurada solo se atiende a esta máquina",
    "403": "La credencial no trae el rol que hace falta",
    "429": "Demasiadas peticiones; Retry-After dice cuándo volver",
}


def mostrar_permisos(documento: Documento, api: str) -> None:
    """Write the table of permissions into a document: ``security``, ``x-roles`` and the refusals of each operation.

    A refusal has the body that the operation's 401 has.
    """
    componentes = documento.setdefault("components", {})
    componentes.setdefault("securitySchemes", {})[ESQUEMA] = {
        "type": "http",
        "scheme": "bearer",
        "description": "Un JWT con sub, exp y roles, o una llave de «alpes llaves crear»",
    }
    for ruta, operaciones in documento["paths"].items():
        for metodo in METODOS & operaciones.keys():
            permiso, operacion = permiso_de(api, metodo.upper(), ruta), operaciones[metodo]
            operacion["security"] = [] if permiso is PUBLICO else [{ESQUEMA: []}]
            rechazos = dict(RECHAZOS)
            if permiso is PUBLICO:
                del rechazos["403"]
            else:
                operacion["x-roles"] = sorted(rol.value for rol in ADMITE[permiso])
            _decir(rechazos, operacion["responses"], componentes.setdefault("responses", {}))


def _decir(rechazos: dict[str, str], respuestas: Documento, comunes: Documento) -> None:
    modelo = respuestas.get("401", {})
    familia = modelo.get("$ref", "").removeprefix(REFERENCIA).removesuffix("401")
    for codigo, dicho in rechazos.items():
        propio = {"description": dicho, "headers": de_rechazo(int(codigo))}
        if familia:
            comunes[f"{familia}{codigo}"] = comunes[f"{familia}401"] | propio
            respuestas[codigo] = {"$ref": f"{REFERENCIA}{familia}{codigo}"}
        elif modelo:
            respuestas[codigo] = modelo | propio

"""What comes over the wire from a service."""

import httpx2

from bff.domain.exceptions import ServicioRoto

RESPUESTA_MAXIMA = 8 * 1024 * 1024


async def leer_entera(respuesta: httpx2.Response, servicio: str) -> httpx2.Response:
    """An answer with its body, decoded, read to its end. Raises ServicioRoto for one that is too long, and httpx2's."""
    trozos, leidos = [], 0
    async for trozo in respuesta.aiter_bytes():
        leidos += len(trozo)
        if leidos > RESPUESTA_MAXIMA:
            raise ServicioRoto(servicio)
        trozos.append(trozo)
    cabeceras = [
        (n, v) for n, v in respuesta.headers.items() if n.lower() not in ("content-encoding", "content-length")
    ]
    return httpx2.Response(respuesta.status_code, headers=cabeceras, content=b"".join(trozos))

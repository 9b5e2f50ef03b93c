"""The open mode: a request that passed through a proxy is not this machine's, whichever proxy it was."""

import pytest

from gateway.acceso.local import es_de_esta_maquina

DE_AQUI = {
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_HOST": "localhost:5000",
    "HTTP_USER_AGENT": "curl",
    "HTTP_X_REQUEST_ID": "a",
}
DE_PROXIES = [
    "Forwarded",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Prefix",
    "Via",
    "X-Real-IP",
    "X-Client-IP",
    "Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "X-Original-Host",
    "X-ProxyUser-IP",
    "X-Originating-IP",
    "X-Remote-IP",
    "X-Remote-Addr",
    "True-Client-IP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "Fastly-Client-IP",
    "Fly-Client-IP",
    "Proxy-Client-IP",
    "WL-Proxy-Client-IP",
    "X-Envoy-External-Address",
    "X-Amzn-Trace-Id",
    "X-Appengine-User-IP",
    "X-Azure-ClientIP",
    "CDN-Loop",
]


def test_una_peticion_de_aqui_es_de_aqui() -> None:
    assert es_de_esta_maquina(DE_AQUI)


@pytest.mark.parametrize("cabecera", DE_PROXIES)
def test_la_que_trae_una_cabecera_de_proxy_no_lo_es(cabecera: str) -> None:
    assert not es_de_esta_maquina(DE_AQUI | {f"HTTP_{cabecera.upper().replace('-', '_')}": "127.0.0.1"})

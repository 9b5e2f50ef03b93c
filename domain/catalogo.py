"""The domain's one table of errors: every refusal, by its stable code."""

from domain.base import dinero, errores, fechas, texto, valores
from domain.campanias import errores as de_campanias
from domain.cliente import errores as de_cliente
from domain.pagos import errores as de_pagos

_TODOS: tuple[type[errores.ErrorDeDominio], ...] = (
    errores.NoEncontrado,
    errores.TransicionIlegal,
    errores.VersionDistinta,
    errores.EscrituraDisputada,
    dinero.MonedaDesconocida,
    dinero.MontoNoPositivo,
    dinero.DemasiadosDecimales,
    dinero.MontoDemasiadoGrande,
    dinero.MonedasDistintas,
    texto.CampoRequerido,
    texto.CampoDemasiadoLargo,
    texto.CaracteresInvalidos,
    texto.IdentificadorInvalido,
    texto.NumeroDeTarjeta,
    fechas.FechaEnElFuturo,
    fechas.NacimientoFueraDeRango,
    fechas.CompletadoAntesDeProcesado,
    valores.EmailInvalido,
    valores.CedulaInvalida,
    valores.NombreInvalido,
    valores.MascaraReveladora,
    de_cliente.ClienteYaExiste,
    de_cliente.ClienteAnonimizado,
    de_cliente.EmailYaRegistrado,
    de_cliente.CedulaYaRegistrada,
    de_pagos.PayoutNoEncontrado,
    de_pagos.PartnerNoEncontrado,
    de_pagos.CompletadoSinConfirmacion,
    de_pagos.FalloConConfirmacion,
    de_pagos.CodigoDesconocido,
    de_pagos.PayoutYaExiste,
    de_pagos.ConfirmacionYaUsada,
    de_pagos.PagoYaConfirmado,
    de_pagos.PagoYaFallido,
    de_pagos.FalloDefinitivo,
    de_campanias.CampaniaNoEncontrada,
    de_campanias.CampaniaIncompleta,
    de_campanias.ItinerarioDemasiadoLargo,
    de_campanias.PresupuestoSinMoneda,
    de_campanias.FechasInvertidas,
    de_campanias.CampaniaYaExiste,
    de_campanias.CampaniaAunNoEmpieza,
    de_campanias.CampaniaAunNoTermina,
    de_campanias.CampaniaYaTermino,
    de_campanias.SinPresupuesto,
    de_campanias.PresupuestoExcedido,
    de_campanias.PresupuestoMenorQueElGasto,
    de_campanias.GastoConOtrosDatos,
)

ERRORES = {clase.codigo: clase for clase in _TODOS}

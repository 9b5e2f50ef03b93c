"""The refusals of Campanias."""

from domain.base.errores import Conflicto, NoEncontrado, ReglaRota


class CampaniaNoEncontrada(NoEncontrado):
    codigo = "CAMPANIA_NO_ENCONTRADA"
    mensaje = "Campania no encontrada"


class CampaniaIncompleta(ReglaRota):
    codigo = "CAMPANIA_INCOMPLETA"
    mensaje = "idCampania, idCliente y itinerario[] son requeridos"


class ItinerarioDemasiadoLargo(ReglaRota):
    codigo = "ITINERARIO_DEMASIADO_LARGO"
    mensaje = "El itinerario admite 200 paradas como máximo"


class PresupuestoSinMoneda(ReglaRota):
    codigo = "PRESUPUESTO_SIN_MONEDA"
    mensaje = "El presupuesto necesita una moneda"


class FechasInvertidas(ReglaRota):
    codigo = "FECHAS_INVERTIDAS"
    mensaje = "fecha_fin no puede ser anterior a fecha_inicio"


class CampaniaYaExiste(Conflicto):
    codigo = "CAMPANIA_YA_EXISTE"
    mensaje = "Ya existe una campania con ese id y otros datos"


class CampaniaAunNoEmpieza(Conflicto):
    codigo = "CAMPANIA_AUN_NO_EMPIEZA"
    mensaje = "La campania no puede activarse antes de su fecha_inicio"


class CampaniaAunNoTermina(Conflicto):
    codigo = "CAMPANIA_AUN_NO_TERMINA"
    mensaje = "La campania no puede finalizarse antes de su fecha_fin"


class CampaniaYaTermino(Conflicto):
    codigo = "CAMPANIA_YA_TERMINO"
    mensaje = "La campania no puede reanudarse después de su fecha_fin"


class SinPresupuesto(Conflicto):
    codigo = "SIN_PRESUPUESTO"
    mensaje = "La campania no tiene presupuesto"


class PresupuestoExcedido(Conflicto):
    codigo = "PRESUPUESTO_EXCEDIDO"
    mensaje = "El gasto excede el presupuesto de la campania"


class PresupuestoMenorQueElGasto(Conflicto):
    codigo = "PRESUPUESTO_MENOR_QUE_EL_GASTO"
    mensaje = "El presupuesto no puede ser menor que lo ya gastado"


class GastoConOtrosDatos(Conflicto):
    codigo = "GASTO_CON_OTROS_DATOS"
    mensaje = "Ese gasto_id ya se registró con otro monto"
